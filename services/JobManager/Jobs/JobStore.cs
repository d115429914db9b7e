using System.Globalization;
using System.Text.Json;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Contracts;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ImageEditor.JobManager.Jobs;

/// <summary>Creates, reads and ends jobs. Each call may be repeated when its response got lost.</summary>
internal sealed class JobStore(
    StoreConnection store, JobScriptRunner scripts, BlobStore blobs, JobMetrics metrics,
    IOptions<JobsOptions> jobs, IOptions<JobStoreOptions> options)
{
    private static readonly TimeSpan ReplicationTimeout = TimeSpan.FromSeconds(1);

    private static readonly RedisValue[] Fields =
    [
        "converter", "state", "progress", "created", "input", "contentType", "length", "result", "resultType", "resultLength",
        "resultInfo", "problem", "owner", "save", "preview", "previewType", "previewLength", "previews",
    ];

    /// <summary>Whether a new job would be accepted, before its input is read.</summary>
    /// <returns><see cref="ScriptResult.Created"/> if so, else <see cref="ScriptResult.Exists"/>, <see cref="ScriptResult.QueueFull"/> or
    /// <see cref="ScriptResult.StoreFull"/>.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task<ScriptResult> CheckAsync(JobId id, string converter, bool owned, long length)
    {
        var (state, queued, inputBytes, saveBytes) = await store.RunAsync(async database =>
        {
            var state = database.HashGetAsync(StoreKeys.Job(id), "state");
            var queued = database.SortedSetLengthAsync(StoreKeys.Queue(converter));
            var inputBytes = database.HashGetAsync(StoreKeys.Usage, "in");
            var saveBytes = database.HashGetAsync(StoreKeys.Usage, "save");
            return (await state, await queued, (long)await inputBytes, (long)await saveBytes);
        });

        // The script revives a job whose retention is over, as long as anything of it is left.
        return state == JobState.Queued || state == JobState.Running || state == JobState.Dropped ? ScriptResult.Exists
            : !state.IsNull ? ScriptResult.Created
            : queued >= jobs.Value.MaxQueued ? ScriptResult.QueueFull
            : inputBytes + length > options.Value.InputBytes ? ScriptResult.StoreFull
            : owned && saveBytes + length + jobs.Value.ResultReservation > options.Value.SaveBytes ? ScriptResult.StoreFull
            : ScriptResult.Created;
    }

    /// <summary>Stores a job and queues it.</summary>
    /// <returns><see cref="ScriptResult.Created"/>, <see cref="ScriptResult.Exists"/>, <see cref="ScriptResult.QueueFull"/> or
    /// <see cref="ScriptResult.StoreFull"/>.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer: the job may be there or not.</exception>
    public async Task<ScriptResult> CreateAsync(NewJob job, ReadOnlyMemory<byte> input)
    {
        var blob = await blobs.UploadInputAsync(job.Id, input);
        var (result, _) = await scripts.CreateAsync(
            job.Id, job.Converter, blob, input.Length, job.Owner ?? "", "parameters", job.Parameters, "contentType", job.ContentType,
            "images", job.Images ?? "", "traceParent", job.TraceParent ?? "", "traceState", job.TraceState ?? "");
        if (result != ScriptResult.Created)
        {
            await blobs.DiscardAsync(blob);
        }

        switch (result)
        {
            case ScriptResult.UploadExpired:
                throw new StoreUnavailableException("The upload expired before it became the input.");
            case ScriptResult.Created:
                metrics.Accepted(job.Converter);
                store.Publish(StoreKeys.Waiting, job.Converter);
                break;
        }

        await ReplicateAsync();
        return result;
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

        var (converter, created) = (fields.Text("converter"), fields.Number("created"));
        var ahead = state == JobState.Queued
            ? await store.RunAsync(
                database => database.SortedSetLengthAsync(StoreKeys.Queue(converter), double.NegativeInfinity, created, Exclude.Stop))
            : 0;
        return new Job(
            id,
            converter,
            state,
            Progress: double.TryParse(fields.Text("progress"), CultureInfo.InvariantCulture, out var progress) ? progress : null,
            QueuePosition: state == JobState.Queued ? ahead + 1 : null,
            Input: fields.Image("input", "contentType", "length"),
            Result: fields.Image("result", "resultType", "resultLength"),
            ResultInfo: fields.TextOrNull("resultInfo"),
            Problem: fields.TextOrNull("problem") is { } problem ? JsonSerializer.Deserialize<JobProblem>(problem) : null,
            Saved: fields.TextOrNull("owner") is null ? null : fields.Text("save") == SaveState.Saved,
            Preview: fields.Image("preview", "previewType", "previewLength") is { } preview
                ? new Preview((int)fields.Number("previews"), preview)
                : null);
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
}
