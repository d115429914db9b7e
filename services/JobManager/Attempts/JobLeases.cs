using System.Text.Json;
using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Leasing;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Contracts;
using Microsoft.Extensions.Options;

namespace ImageEditor.JobManager.Attempts;

/// <summary>Leases on jobs, and the reports of those who hold them. Each call may be repeated when its response got lost.</summary>
internal sealed partial class JobLeases(
    LeaseStore leases, StoreConnection store, JobScriptRunner scripts, BlobStore blobs, JobMetrics metrics,
    IOptions<JobsOptions> options, ILogger<JobLeases> logger)
{
    /// <summary>Claims the next job of several converters, which take turns.</summary>
    /// <param name="token">While the lease that it got is held, the same token gets the same claim.</param>
    /// <param name="converters">The converters.</param>
    /// <param name="recipes">Whether the claimer understands recipes; else it is given none.</param>
    /// <returns>Null when no job waits, or the store has no memory for another result.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer: the claim may be held or not.</exception>
    public async Task<Claim?> ClaimAsync(string token, IReadOnlyList<string> converters, bool recipes = false)
    {
        var queues = converters.SelectMany(converter => StoreKeys.QueueNames(converter, recipes).Select(
            name => new WorkQueue(converter, StoreKeys.Queue(name), StoreKeys.Turns(name))));
        var (result, fields) = await leases.ClaimAsync(LeaseKind.Job, [.. queues], token);
        switch (result)
        {
            case ScriptResult.Claimed:
                return Claimed(fields);
            case ScriptResult.StoreFull:
                Log.StoreFull(logger, string.Join(", ", converters));
                break;
            case ScriptResult.SavesFull:
                Log.SavesFull(logger, string.Join(", ", converters));
                break;
        }

        return null;
    }

    /// <inheritdoc cref="LeaseStore.RenewAsync(HeldLease)"/>
    public Task<ScriptResult> RenewAsync(JobId id, int attempt, double? progress) =>
        leases.RenewAsync(new HeldLease(LeaseKind.Job, id, attempt, progress));

    /// <summary>Whether an attempt may report a result, before that is read.</summary>
    /// <returns><see cref="ScriptResult.Renewed"/> if so, or why not; and what is to be known to report it.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task<AttemptCheck> CheckAsync(JobId id, int attempt)
    {
        var fields = await store.ReadHashAsync(
            StoreKeys.Job(id), ["state", "holder", "closed", "closedBy", "yield", .. JobKeys.Fields]);
        var result = fields.Text("state") switch
        {
            _ when fields.Number("closed") == attempt && fields.Text("closedBy") == "result" => ScriptResult.Repeated,
            "" or JobState.Dropped => ScriptResult.NotFound,
            JobState.Cancelled => ScriptResult.Cancelled,
            JobState.Running or JobState.Queued when fields.Number("holder") == attempt => ScriptResult.Renewed,
            _ => ScriptResult.Stale,
        };

        // An earlier release stored jobs that do not say what they can yield.
        var maxBytes = fields.Number("yield") is > 0 and var yield ? (int)yield : options.Value.MaxResultBytes;
        return new AttemptCheck(result, maxBytes, JobKeys.From(fields));
    }

    /// <summary>Replaces the preview of the result.</summary>
    /// <returns><see cref="ScriptResult.Previewed"/>, or why not: <see cref="ScriptResult.NotFound"/>,
    /// <see cref="ScriptResult.Stale"/> or <see cref="ScriptResult.Cancelled"/>.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task<ScriptResult> PreviewAsync(JobId id, int attempt, ReadOnlyMemory<byte> image, string contentType)
    {
        var upload = blobs.UploadPreview(id, image);
        var (result, _) = await upload.ThenAsync(
            scripts.RunAsync(ScriptName.Preview, id, upload.Blob, attempt, upload.Blob, image.Length, contentType));
        if (result == ScriptResult.Previewed)
        {
            store.Publish(StoreKeys.Changed, id.ToString());
            return result;
        }

        await blobs.DiscardAsync(upload.Blob);

        // A job whose lease has expired is not shown as running.
        return result == ScriptResult.UploadExpired ? ScriptResult.Stale : result;
    }

    /// <summary>Ends a job with a result.</summary>
    /// <returns><see cref="ScriptResult.Completed"/>, <see cref="ScriptResult.Repeated"/>, or why not: <see cref="ScriptResult.NotFound"/>,
    /// <see cref="ScriptResult.Stale"/>, <see cref="ScriptResult.Cancelled"/> or <see cref="ScriptResult.TooLarge"/>.</returns>
    /// <param name="id">The job.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="keys">The job's keys, if they are known.</param>
    /// <param name="image">The result.</param>
    /// <param name="contentType">Its media type.</param>
    /// <param name="width">Pixels; 0 if not known.</param>
    /// <param name="height">Pixels; 0 if not known.</param>
    /// <param name="info">What the converter found, JSON.</param>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task<ScriptResult> CompleteAsync(
        JobId id, int attempt, JobKeys? keys, ReadOnlyMemory<byte> image, string contentType, int width, int height, string? info)
    {
        var upload = blobs.UploadResult(id, image);
        var (result, fields) = await upload.ThenAsync(scripts.RunAsync(
            ScriptName.Complete, id, keys, upload.Blob, attempt, upload.Blob, image.Length, contentType, info ?? "", width, height));
        switch (result)
        {
            case ScriptResult.Completed:
                metrics.Ended(JobState.Done);
                store.Publish(StoreKeys.Changed, id.ToString());
                if (fields.Flag("saveQueued"))
                {
                    store.Publish(StoreKeys.Waiting, StoreKeys.SavesMessage);
                }

                Log.Done(logger, id.ShortId, attempt);
                break;
            case ScriptResult.UploadExpired:
                throw new StoreUnavailableException("The upload expired before it became the result.");
            default:
                await blobs.DiscardAsync(upload.Blob);
                break;
        }

        return result;
    }

    /// <summary>Ends a job, or puts it back into the queue, because an attempt failed.</summary>
    /// <returns><see cref="ScriptResult.Failed"/>, <see cref="ScriptResult.Requeued"/>, <see cref="ScriptResult.Repeated"/>, or why not:
    /// <see cref="ScriptResult.NotFound"/>, <see cref="ScriptResult.Stale"/> or <see cref="ScriptResult.Cancelled"/>.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task<ScriptResult> FailAsync(JobId id, int attempt, Failure failure)
    {
        var (result, fields) = await scripts.RunAsync(
            ScriptName.Fail, id, upload: null, attempt, failure.Kind, (long)failure.Delay.TotalMilliseconds,
            JsonSerializer.Serialize(failure.WhenFinal), JsonSerializer.Serialize(failure.WhenRetriesExhausted),
            (long)failure.Waited.TotalMilliseconds, failure.WhenFinal.Converter ?? "");
        switch (result)
        {
            case ScriptResult.Failed:
                metrics.Ended(JobState.Failed);
                Log.Failed(logger, id.ShortId, attempt, failure.WhenFinal.Status, failure.WhenFinal.Detail);
                break;
            case ScriptResult.Requeued:
                metrics.Retried(failure.Kind);
                Log.Requeued(logger, id.ShortId, attempt, failure.Kind, failure.WhenFinal.Detail);
                store.Publish(StoreKeys.Waiting, fields.Text("converter"));
                break;
            default:
                return result;
        }

        store.Publish(StoreKeys.Changed, id.ToString());
        return result;
    }

    private Claim Claimed(StoreFields fields)
    {
        var settings = options.Value;
        var claim = new Claim(
            fields.Text("id"),
            (int)fields.Number("attempt"),
            StoreKeys.ConverterOf(fields.Text("converter")),
            JsonSerializer.Deserialize<JsonElement>(fields.Text("parameters")),
            fields.Json("recipe"),
            fields.Text("contentType"),
            fields.Number("length"),
            fields.Json("images"),
            fields.TextOrNull("owner"),
            fields.TextOrNull("traceParent"),
            fields.TextOrNull("traceState"),
            settings.Lease.TotalSeconds,
            settings.Heartbeat.TotalSeconds);
        var shortId = JobId.Shorten(claim.JobId);
        if (fields.Flag("takenOver"))
        {
            metrics.TakenOver();
            Log.TakenOver(logger, shortId, claim.Attempt);
        }

        metrics.Claimed(claim.Converter, fields.Duration("waited"));
        store.Publish(StoreKeys.Changed, claim.JobId);
        Log.Claimed(logger, shortId, claim.Attempt, claim.Converter);
        return claim;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Job {JobId} claimed by attempt {Attempt} for {Converter}", EventName = "JobClaimed")]
        public static partial void Claimed(ILogger logger, string jobId, int attempt, string converter);

        [LoggerMessage(LogLevel.Warning,
            "Job {JobId} taken over by attempt {Attempt}: the lease before it had run out", EventName = "JobTakenOver")]
        public static partial void TakenOver(ILogger logger, string jobId, int attempt);

        [LoggerMessage(LogLevel.Information, "Job {JobId} done by attempt {Attempt}", EventName = "JobDone")]
        public static partial void Done(ILogger logger, string jobId, int attempt);

        [LoggerMessage(LogLevel.Warning, "Job {JobId} failed in attempt {Attempt} with {Status}: {Detail}", EventName = "JobFailed")]
        public static partial void Failed(ILogger logger, string jobId, int attempt, int status, string detail);

        [LoggerMessage(LogLevel.Information,
            "Job {JobId} back in the queue after attempt {Attempt} ({Kind}): {Detail}", EventName = "JobRequeued")]
        public static partial void Requeued(ILogger logger, string jobId, int attempt, string kind, string detail);

        [LoggerMessage(LogLevel.Warning,
            "No memory for another save: jobs of {Converters} that have an owner wait", EventName = "SavesFull")]
        public static partial void SavesFull(ILogger logger, string converters);

        [LoggerMessage(LogLevel.Warning, "No memory for another result: jobs for {Converters} wait", EventName = "StoreFull")]
        public static partial void StoreFull(ILogger logger, string converters);
    }
}
