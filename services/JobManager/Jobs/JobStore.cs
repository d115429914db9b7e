using System.Globalization;
using System.Text.Json;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Contracts;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ImageEditor.JobManager.Jobs;

/// <summary>Creates, reads and ends jobs. Each call may be repeated when its response got lost.</summary>
internal sealed partial class JobStore(
    StoreConnection store, JobScriptRunner scripts, BlobStore blobs, JobMetrics metrics,
    IOptions<JobsOptions> jobs, IOptions<JobStoreOptions> options, ILogger<JobStore> logger)
{
    private static readonly TimeSpan ReplicationTimeout = TimeSpan.FromSeconds(1);

    private static readonly RedisValue[] Fields =
    [
        "converter", "state", "progress", "created", "place", "input", "contentType", "length", "result", "resultType", "resultLength",
        "resultInfo", "problem", "owner", "save", "preview", "previewType", "previewLength", "previews", "attempt", "name", "steps",
    ];

    /// <summary>Whether a new job would be accepted, before its input is read.</summary>
    /// <returns><see cref="ScriptResult.Created"/> if so, else <see cref="ScriptResult.Exists"/>, <see cref="ScriptResult.QueueFull"/> or
    /// <see cref="ScriptResult.ShareFull"/> or <see cref="ScriptResult.StoreFull"/>.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task<ScriptResult> CheckAsync(
        JobId id, string queue, string? party, bool owned, long length, int? yield = null)
    {
        var (state, queued, usage) = await store.RunAsync(async database =>
        {
            var state = database.HashGetAsync(StoreKeys.Job(id), "state");
            var queued = database.SortedSetLengthAsync(StoreKeys.Queue(queue));
            var usage = database.HashGetAsync(StoreKeys.Usage, ["in", "save", $"jobs@{party}", $"in@{party}"]);
            return (await state, await queued, Array.ConvertAll(await usage, value => (long)value));
        });
        var reservation = (yield ?? jobs.Value.MaxResultBytes) + jobs.Value.PreviewsReservation;
        var (inputBytes, saveBytes, partyJobs, partyBytes) = (usage[0], usage[1], usage[2], usage[3]);

        // The script revives a job whose retention is over, as long as anything of it is left.
        return state == JobState.Queued || state == JobState.Running || state == JobState.Dropped ? ScriptResult.Exists
            : !state.IsNull ? ScriptResult.Created
            : queued >= jobs.Value.MaxQueued ? ScriptResult.QueueFull
            : inputBytes + length > options.Value.InputBytes ? ScriptResult.StoreFull
            : owned && saveBytes + length + reservation > options.Value.SaveBytes ? ScriptResult.StoreFull
            : party is not null && partyJobs + 1 > jobs.Value.MaxQueued - queued - 1 ? ScriptResult.ShareFull
            : party is not null && partyBytes + length > options.Value.InputBytes - inputBytes - length ? ScriptResult.ShareFull
            : ScriptResult.Created;
    }

    /// <summary>Stores a job and queues it, or starts it at once.</summary>
    /// <param name="job">The job.</param>
    /// <param name="input">What its converter will be sent.</param>
    /// <param name="claimer">A caller that can run the job now; null otherwise.</param>
    /// <returns>The caller's attempt, which is null when the job waits in its queue, and <see cref="ScriptResult.Created"/>,
    /// <see cref="ScriptResult.Exists"/>, <see cref="ScriptResult.QueueFull"/>, <see cref="ScriptResult.ShareFull"/> or
    /// <see cref="ScriptResult.StoreFull"/>.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer: the job may be there or not.</exception>
    public async Task<(ScriptResult Result, int? Attempt)> CreateAsync(NewJob job, ReadOnlyMemory<byte> input, Claimer? claimer = null)
    {
        var queue = StoreKeys.QueueName(job.Converter, job.Recipe is not null);
        var others = claimer?.Converters.SelectMany(converter => StoreKeys.QueueNames(converter, claimer.Recipes)).Where(name => name != queue);
        var upload = blobs.UploadInput(job.Id, job.Party, input);
        var (result, fields) = await upload.ThenAsync(scripts.CreateAsync(
            job.Id, queue, others ?? [], upload.Blob, input.Length, job.Owner ?? "", claimer?.Token ?? "",
            job.Yield is { } yield ? yield : "",
            "parameters", job.Parameters, "contentType", job.ContentType, "images", job.Images ?? "", "name", job.Name ?? "",
            "traceParent", job.TraceParent ?? "", "traceState", job.TraceState ?? "", "recipe", job.Recipe ?? "", "steps", job.Steps));
        int? attempt = fields.TextOrNull("attempt") is null ? null : (int)fields.Number("attempt");
        if (result != ScriptResult.Created)
        {
            await blobs.DiscardAsync(upload.Blob);
        }

        switch (result)
        {
            case ScriptResult.UploadExpired:
                throw new StoreUnavailableException("The upload expired before it became the input.");
            case ScriptResult.Created:
                metrics.Accepted(job.Converter);
                if (attempt is null)
                {
                    store.Publish(StoreKeys.Waiting, StoreKeys.QueueName(job.Converter, job.Recipe is not null));
                }
                else
                {
                    metrics.Started(job.Converter);
                    Log.Started(logger, job.Id.ShortId, job.Converter);
                }

                break;
        }

        await ReplicateAsync();
        return (result, attempt);
    }

    /// <summary>Reads a job.</summary>
    /// <returns>Null when there is none, or its result was deleted.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task<Job?> ReadAsync(JobId id)
    {
        var fields = await store.ReadHashAsync(StoreKeys.Job(id), Fields);
        var state = fields.Text("state");
        if (state is "" or JobState.Dropped or JobState.Expired)
        {
            return null;
        }

        var queue = fields.Text("converter");

        // An earlier release took the date for the place.
        var place = double.Parse(fields.TextOrNull("place") ?? fields.Text("created"), CultureInfo.InvariantCulture);
        var ahead = state == JobState.Queued
            ? await store.RunAsync(
                database => database.SortedSetLengthAsync(StoreKeys.Queue(queue), double.NegativeInfinity, place, Exclude.Stop))
            : 0;
        var (progress, step) = ReportedProgress.Parse(fields.Text("progress"));
        return new Job(
            id,
            StoreKeys.ConverterOf(queue),
            state,
            Progress: progress,
            QueuePosition: state == JobState.Queued ? ahead + 1 : null,
            Input: fields.Image("input", "contentType", "length"),
            Result: fields.Image("result", "resultType", "resultLength"),
            ResultInfo: fields.TextOrNull("resultInfo"),
            Problem: fields.TextOrNull("problem") is { } problem ? JsonSerializer.Deserialize<JobProblem>(problem) : null,
            Saved: fields.TextOrNull("owner") is null ? null : fields.Text("save") == SaveState.Saved,
            Preview: fields.Image("preview", "previewType", "previewLength") is { } preview
                ? new Preview((int)fields.Number("previews"), preview)
                : null,
            Name: fields.TextOrNull("name"),
            Change: fields.Number("steps") > 1 ? PictureName.Edited : StoreKeys.ConverterOf(queue),
            Step: step,
            Attempt: state == JobState.Running ? (int)fields.Number("attempt") : null);
    }

    /// <summary>Starts a finished job's retention again, because its result is fetched.</summary>
    /// <returns>False when the retention is over.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task<bool> ExtendRetentionAsync(JobId id) =>
        (await scripts.RunAsync(ScriptName.ExtendRetention, id, upload: null)).Result == ScriptResult.Extended;

    /// <summary>Cancels a job, or deletes the result of one that has ended.</summary>
    /// <returns>False when there is no such job.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task<bool> DeleteAsync(JobId id) => await CancelAsync(id) != ScriptResult.NotFound;

    /// <summary>Cancels a job that waits in its queue, and no other.</summary>
    /// <returns>Whether it waited.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task<bool> CancelQueuedAsync(JobId id) => await CancelAsync(id, JobState.Queued) == ScriptResult.Cancelled;

    private async Task<ScriptResult> CancelAsync(JobId id, params RedisValue[] only)
    {
        var (result, _) = await scripts.RunAsync(ScriptName.Cancel, id, upload: null, only);
        if (result is ScriptResult.Cancelled or ScriptResult.Dropped)
        {
            store.Publish(StoreKeys.Changed, id.ToString());
        }

        if (result == ScriptResult.Cancelled)
        {
            metrics.Ended(JobState.Cancelled);
        }

        return result;
    }

    /// <summary>Waits for the store's replicas, where a job counts as stored only when they have it.</summary>
    /// <remarks>WAIT covers what its own connection wrote before, so it must go the same way as the script.</remarks>
    private async Task ReplicateAsync()
    {
        var wanted = options.Value.Replicas;
        if (wanted == 0)
        {
            return;
        }

        var reached = (long)await store.RunAsync(
            database => database.ExecuteAsync("WAIT", wanted, (int)ReplicationTimeout.TotalMilliseconds));
        if (reached < wanted)
        {
            throw new StoreUnavailableException("The job store's replicas lag behind.");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Job {JobId} started for {Converter} as it came", EventName = "JobStarted")]
        public static partial void Started(ILogger logger, string jobId, string converter);
    }
}
