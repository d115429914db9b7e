using System.Text.Json;
using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Leasing;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Contracts;
using Microsoft.Extensions.Options;

namespace ImageEditor.JobManager.Saves;

/// <summary>Leases on saves, and the reports of those who hold them. Each call may be repeated when its response got lost.</summary>
internal sealed partial class SaveLeases(
    LeaseStore leases, StoreConnection store, JobScriptRunner scripts, SaveMetrics metrics,
    IOptions<JobsOptions> options, ILogger<SaveLeases> logger)
{
    /// <summary>The gallery has a tombstone for the picture: its owner has deleted it.</summary>
    private const int Deleted = StatusCodes.Status410Gone;

    /// <summary>Claims the next save.</summary>
    /// <param name="token">While the lease that it got is held, the same token gets the same claim.</param>
    /// <returns>Null when none waits.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer: the claim may be held or not.</exception>
    public async Task<SaveClaim?> ClaimAsync(string token) =>
        await leases.ClaimAsync(LeaseKind.Save, [new WorkQueue("", StoreKeys.Saves, StoreKeys.None)], token)
            is (ScriptResult.Claimed, var fields)
            ? Claimed(fields)
            : null;

    /// <inheritdoc cref="LeaseStore.RenewAsync(HeldLease)"/>
    public Task<ScriptResult> RenewAsync(JobId id, int attempt) => leases.RenewAsync(new HeldLease(LeaseKind.Save, id, attempt));

    /// <summary>Where the images of a save are.</summary>
    /// <returns>Null when there is nothing to save (any more).</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task<SaveImages?> FindImagesAsync(JobId id)
    {
        var fields = await store.ReadHashAsync(
            StoreKeys.Job(id), "save", "input", "contentType", "length", "result", "resultType", "resultLength");
        return fields.Text("save") is SaveState.Waiting or SaveState.Running
            && fields.Image("input", "contentType", "length") is { } original
            && fields.Image("result", "resultType", "resultLength") is { } result
            ? new SaveImages(original, result)
            : null;
    }

    /// <summary>Ends a save, or puts it back, as an attempt's outcome says.</summary>
    /// <returns><see cref="ScriptResult.Saved"/>, <see cref="ScriptResult.Refused"/>, <see cref="ScriptResult.Abandoned"/>,
    /// <see cref="ScriptResult.Requeued"/>, <see cref="ScriptResult.Repeated"/>, or why not: <see cref="ScriptResult.NotFound"/> or
    /// <see cref="ScriptResult.Stale"/>.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task<ScriptResult> EndAsync(JobId id, int attempt, SaveReport report)
    {
        var (result, fields) = await scripts.RunAsync(
            ScriptName.EndSave, id, upload: null, attempt, report.Outcome, (long)report.RetryAfter.TotalMilliseconds);
        switch (result)
        {
            case ScriptResult.Saved:
                metrics.Saved(fields.Duration("waited"));
                Log.Saved(logger, id.ShortId, attempt);
                break;
            case ScriptResult.Refused when report.Status == Deleted:
                metrics.Failed("deleted");
                Log.Deleted(logger, id.ShortId, attempt);
                break;
            case ScriptResult.Refused:
                metrics.Failed(SaveState.Refused);
                Log.Refused(logger, id.ShortId, attempt, report.Status ?? 0, report.Reason);
                break;
            case ScriptResult.Abandoned:
                metrics.Failed(SaveState.Abandoned);
                Log.Abandoned(logger, id.ShortId, attempt, report.Reason);
                break;
            case ScriptResult.Requeued:
                metrics.Retried(report.Outcome);
                Log.Requeued(logger, id.ShortId, attempt, report.Outcome, report.Reason);
                store.Publish(StoreKeys.Waiting, StoreKeys.SavesMessage);
                return result;
            default:
                return result;
        }

        store.Publish(StoreKeys.Changed, id.ToString());
        return result;
    }

    private SaveClaim Claimed(StoreFields fields)
    {
        var settings = options.Value;
        var claim = new SaveClaim(
            fields.Text("id"),
            (int)fields.Number("attempt"),
            fields.Text("owner"),
            StoreKeys.ConverterOf(fields.Text("converter")),
            JsonSerializer.Deserialize<JsonElement>(fields.Text("parameters")),
            fields.Json("recipe"),
            DateTimeOffset.FromUnixTimeMilliseconds(fields.Number("created")),
            new SavedImage(fields.Text("contentType"), fields.Number("length")),
            JsonSerializer.Deserialize<JsonElement>(fields.TextOrNull("images") ?? "[]"),
            new SavedImage(
                fields.Text("resultType"), fields.Number("resultLength"), fields.Number("resultWidth"), fields.Number("resultHeight")),
            fields.Duration("waited").TotalSeconds,
            fields.TextOrNull("name"),
            fields.TextOrNull("traceParent"),
            fields.TextOrNull("traceState"),
            settings.Lease.TotalSeconds,
            settings.Heartbeat.TotalSeconds);
        var shortId = JobId.Shorten(claim.JobId);
        if (fields.Flag("takenOver"))
        {
            Log.TakenOver(logger, shortId, claim.Attempt);
        }

        Log.Claimed(logger, shortId, claim.Attempt);
        return claim;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Save of job {JobId} claimed by attempt {Attempt}", EventName = "SaveClaimed")]
        public static partial void Claimed(ILogger logger, string jobId, int attempt);

        [LoggerMessage(LogLevel.Warning,
            "Save of job {JobId} taken over by attempt {Attempt}: the lease before it had run out", EventName = "SaveTakenOver")]
        public static partial void TakenOver(ILogger logger, string jobId, int attempt);

        [LoggerMessage(LogLevel.Information, "Job {JobId} saved by attempt {Attempt}", EventName = "JobSaved")]
        public static partial void Saved(ILogger logger, string jobId, int attempt);

        [LoggerMessage(LogLevel.Information,
            "Save of job {JobId} waits again after attempt {Attempt} ({Outcome}): {Reason}", EventName = "SaveRequeued")]
        public static partial void Requeued(ILogger logger, string jobId, int attempt, string outcome, string reason);

        [LoggerMessage(
            LogLevel.Information,
            "Save of job {JobId} ended by attempt {Attempt}: its owner has deleted the picture or the account",
            EventName = "SaveOfDeleted")]
        public static partial void Deleted(ILogger logger, string jobId, int attempt);

        [LoggerMessage(LogLevel.Error,
            "Save of job {JobId} refused permanently in attempt {Attempt} with {Status}: {Reason}", EventName = "SaveRefused")]
        public static partial void Refused(ILogger logger, string jobId, int attempt, int status, string reason);

        [LoggerMessage(
            LogLevel.Error,
            "Save of job {JobId} abandoned after attempt {Attempt}: its time is over. The last reason: {Reason}",
            EventName = "SaveAbandoned")]
        public static partial void Abandoned(ILogger logger, string jobId, int attempt, string reason);
    }
}
