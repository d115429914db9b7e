using ImageEditor.JobManager.Store;
using Microsoft.Extensions.Options;

namespace ImageEditor.JobManager.Jobs;

/// <summary>Refuses, at start, durations and limits that could not work.</summary>
internal sealed class JobsOptionsValidator(IOptions<JobStoreOptions> store) : IValidateOptions<JobsOptions>
{
    public ValidateOptionsResult Validate(string? name, JobsOptions options)
    {
        var memory = store.Value;
        return OptionsChecks.Result(
        [
            .. Positive(options),
            IsShorter("Heartbeat", options.Heartbeat, "Lease", options.Lease, orEqual: false),
            IsShorter("ResultRetention", options.ResultRetention, "MaxResultRetention", options.MaxResultRetention),
            IsShorter("SaveRetryDelay", options.SaveRetryDelay, "MaxSaveRetryDelay", options.MaxSaveRetryDelay),
            Fits("MaxInputBytes", options.MaxInputBytes, "InputShare", memory.InputBytes),
            Fits("MaxResultBytes + 2 × Jobs:MaxPreviewBytes", options.ResultReservation, "ResultShare", memory.ResultBytes),
            Fits(
                "MaxInputBytes + Jobs:MaxResultBytes + 2 × Jobs:MaxPreviewBytes", options.MaxInputBytes + options.ResultReservation,
                "SaveShare", memory.SaveBytes),
            OptionsChecks.Require(
                Math.Max(options.MaxResultBytes, options.MaxInputBytes) <= memory.BufferBytes,
                $"JobStore:BufferBytes ({memory.BufferBytes}) must hold the largest input and the largest result."),
        ]);
    }

    private static IEnumerable<string?> Positive(JobsOptions options) => options.GetType().GetProperties()
        .Where(property => property.GetValue(options) is int and <= 0
            || (property.GetValue(options) is TimeSpan time && time <= TimeSpan.Zero))
        .Select(property => $"Jobs:{property.Name} must be positive.");

    private static string? IsShorter(string name, TimeSpan time, string limitName, TimeSpan limit, bool orEqual = true) =>
        OptionsChecks.Require(
            time < limit || (orEqual && time == limit),
            $"Jobs:{name} ({time}) must {(orEqual ? "not be longer" : "be shorter")} than Jobs:{limitName} ({limit}).");

    private static string? Fits(string name, long bytes, string share, long limit) => OptionsChecks.Require(
        bytes <= limit,
        $"Jobs:{name} ({bytes} bytes) must fit into JobStore:MemoryBytes × JobStore:{share} ({limit} bytes), or no such job could run.");
}
