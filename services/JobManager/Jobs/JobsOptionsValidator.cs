using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Configuration;
using Microsoft.Extensions.Options;

namespace ImageEditor.JobManager.Jobs;

/// <summary>Refuses, at start, durations and limits that could not work.</summary>
internal sealed class JobsOptionsValidator(IOptions<JobStoreOptions> store, IOptions<PictureOptions> pictures)
    : IValidateOptions<JobsOptions>
{
    public ValidateOptionsResult Validate(string? name, JobsOptions options)
    {
        var memory = store.Value;
        long maxInputBytes = pictures.Value.MaxInputBytes;
        var result = new ValidateOptionsResultBuilder()
            .RequirePositive(JobsOptions.Section, options)
            .Require(
                options.Heartbeat < options.Lease,
                $"Jobs:Heartbeat ({options.Heartbeat}) must be shorter than Jobs:Lease ({options.Lease}).")
            .Require(
                Math.Max(options.MaxResultBytes, maxInputBytes) <= memory.BufferBytes,
                $"JobStore:BufferBytes ({memory.BufferBytes}) must hold the largest input and the largest result.");
        RequireOrder(result, "ResultRetention", options.ResultRetention, "MaxResultRetention", options.MaxResultRetention);
        RequireOrder(result, "SaveRetryDelay", options.SaveRetryDelay, "MaxSaveRetryDelay", options.MaxSaveRetryDelay);

        // Who is alone gets half of it.
        RequireRoom(result, "Twice 2 × Pictures:MaxBytes and a form", 2 * maxInputBytes, "InputShare", memory.InputBytes);
        RequireRoom(
            result, "Jobs:MaxResultBytes + 2 × Jobs:MaxPreviewBytes", options.ResultReservation, "ResultShare", memory.ResultBytes);
        RequireRoom(
            result, "2 × Pictures:MaxBytes and a form + Jobs:MaxResultBytes + 2 × Jobs:MaxPreviewBytes",
            maxInputBytes + options.ResultReservation, "SaveShare", memory.SaveBytes);
        return result.Build();
    }

    private static void RequireOrder(ValidateOptionsResultBuilder result, string name, TimeSpan time, string limitName, TimeSpan limit) =>
        result.Require(time <= limit, $"Jobs:{name} ({time}) must not be longer than Jobs:{limitName} ({limit}).");

    private static void RequireRoom(ValidateOptionsResultBuilder result, string what, long bytes, string share, long limit) => result.Require(
        bytes <= limit,
        $"{what} ({bytes} bytes) must fit into JobStore:MemoryBytes × JobStore:{share} ({limit} bytes), or no such job could run.");
}
