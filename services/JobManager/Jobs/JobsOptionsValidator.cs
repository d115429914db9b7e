using ImageEditor.JobManager.Store;
using Microsoft.Extensions.Options;

namespace ImageEditor.JobManager.Jobs;

/// <summary>Refuses, at start, lifetimes and limits that could not work.</summary>
internal sealed class JobsOptionsValidator(IOptions<JobStoreOptions> store) : IValidateOptions<JobsOptions>
{
    public ValidateOptionsResult Validate(string? name, JobsOptions options) => OptionsChecks.Result(
    [
        .. Positive(options),
        OptionsChecks.Require(options.Heartbeat < options.Lease, $"Jobs:Heartbeat ({options.Heartbeat}) must be shorter than Jobs:Lease ({options.Lease}), or leases run out between renewals."),
        OptionsChecks.Require(options.ResultRetention <= options.MaxResultRetention, $"Jobs:MaxResultRetention ({options.MaxResultRetention}) must not be shorter than Jobs:ResultRetention ({options.ResultRetention})."),
        OptionsChecks.Require(options.ResultReservation <= store.Value.ResultBytes, $"Jobs:MaxResultBytes and two of Jobs:MaxPreviewBytes ({options.ResultReservation}) must fit into JobStore:MemoryBytes × JobStore:ResultShare ({store.Value.ResultBytes} bytes), or no job could ever be claimed."),
        OptionsChecks.Require(options.MaxInputBytes <= store.Value.InputBytes, $"Jobs:MaxInputBytes ({options.MaxInputBytes}) must fit into JobStore:MemoryBytes × JobStore:InputShare ({store.Value.InputBytes} bytes), or no such job could ever be taken."),
        OptionsChecks.Require(options.MaxInputBytes + options.ResultReservation <= store.Value.SaveBytes, $"Jobs:MaxInputBytes, Jobs:MaxResultBytes and two of Jobs:MaxPreviewBytes ({options.MaxInputBytes + options.ResultReservation}) must fit into JobStore:MemoryBytes × JobStore:SaveShare ({store.Value.SaveBytes} bytes), or no job with an owner could ever be taken."),
        OptionsChecks.Require(options.SaveRetryDelay <= options.MaxSaveRetryDelay, $"Jobs:MaxSaveRetryDelay ({options.MaxSaveRetryDelay}) must not be shorter than Jobs:SaveRetryDelay ({options.SaveRetryDelay})."),
        OptionsChecks.Require(Math.Max(options.MaxResultBytes, options.MaxInputBytes) <= store.Value.BufferBytes, $"JobStore:BufferBytes ({store.Value.BufferBytes}) must hold the largest input and the largest result."),
    ]);

    private static IEnumerable<string?> Positive(JobsOptions options) => options.GetType().GetProperties()
        .Where(property => property.GetValue(options) is int and <= 0 || (property.GetValue(options) is TimeSpan time && time <= TimeSpan.Zero))
        .Select(property => $"Jobs:{property.Name} must be positive.");
}
