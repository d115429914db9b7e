using System.Globalization;
using System.Text.Json;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Contracts;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ImageEditor.JobManager.Jobs;

/// <summary>Creates, reads and ends jobs. Each call may be repeated when its answer got lost.</summary>
internal sealed class JobStore(
    StoreConnection store, JobScriptRunner scripts, BlobStore blobs, JobMetrics metrics, IOptions<JobsOptions> jobs, IOptions<JobStoreOptions> options)
{
    private static readonly TimeSpan ReplicationTime = TimeSpan.FromSeconds(1);

    private static readonly RedisValue[] Fields =
    [
        "converter", "state", "holder", "progress", "created", "input", "contentType", "length",
        "result", "resultType", "resultLength", "resultInfo", "problem", "owner", "save", "preview", "previewType", "previewLength", "previews",
    ];

    /// <summary>Whether a new job would be taken, before its input is read.</summary>
    /// <returns><see cref="ScriptResult.Created"/> if so, else <see cref="ScriptResult.Exists"/>, <see cref="ScriptResult.QueueFull"/> or <see cref="ScriptResult.StoreFull"/>.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task<string> CheckAsync(JobId id, string converter, bool owned, long length)
    {
        var (state, queued, used) = await store.RunAsync(async database =>
        {
            var state = database.HashGetAsync(StoreKeys.Job(id), "state");
            var queued = database.SortedSetLengthAsync(StoreKeys.Queue(converter));
            var used = database.HashGetAsync(StoreKeys.Usage, ["in", "save"]);
            return (await state, await queued, await used);
        });

        // One whose life is over is brought to life again by the script, as long as there is something of it.
        return state == JobState.Queued || state == JobState.Running || state == JobState.Dropped ? ScriptResult.Exists
            : !state.IsNull ? ScriptResult.Created
            : queued >= jobs.Value.MaxQueued ? ScriptResult.QueueFull
            : (long)used[0] + length > options.Value.InputBytes ? ScriptResult.StoreFull
            : owned && (long)used[1] + length + jobs.Value.ResultReservation > options.Value.SaveBytes ? ScriptResult.StoreFull
            : ScriptResult.Created;
    }

    /// <summary>Stores a job and queues it.</summary>
    /// <returns><see cref="ScriptResult.Created"/>, <see cref="ScriptResult.Exists"/>, <see cref="ScriptResult.QueueFull"/> or <see cref="ScriptResult.StoreFull"/>.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer: the job may be there or not.</exception>
    public async Task<string> CreateAsync(NewJob job, ReadOnlyMemory<byte> input)
    {
        var blob = await blobs.UploadInputAsync(job.Id, input);
        var answer = await scripts.CreateAsync(
            job.Id, job.Converter, blob, input.Length, job.Owner ?? "", "parameters", job.Parameters, "contentType", job.ContentType,
            "traceParent", job.TraceParent ?? "", "traceState", job.TraceState ?? "");
        if (answer[0] != ScriptResult.Created)
        {
            await blobs.DiscardAsync(blob);
        }

        switch (answer[0])
        {
            case ScriptResult.UploadExpired:
                throw new StoreUnavailableException("The upload was gone before it counted.");
            case ScriptResult.Created:
                metrics.Accepted(job.Converter);
                store.Publish(StoreKeys.Waiting, job.Converter);
                break;
        }

        await ReplicateAsync();
        return answer[0];
    }

    /// <summary>Reads a job.</summary>
    /// <returns>Null when there is none, or its result was deleted.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task<Job?> ReadAsync(JobId id)
    {
        var fields = await store.RunAsync(database => database.HashGetAsync(StoreKeys.Job(id), Fields));
        string Text(int index) => fields[index].ToString();
        var state = Text(1);
        if (fields[0].IsNull || state is JobState.Dropped or JobState.Expired)
        {
            return null;
        }

        var ahead = state == JobState.Queued
            ? await store.RunAsync(database => database.SortedSetLengthAsync(StoreKeys.Queue(Text(0)), double.NegativeInfinity, (double)fields[4], Exclude.Stop))
            : 0;
        return new Job(
            id,
            Text(0),
            state,
            fields[2].IsNull ? 0 : (int)fields[2],
            double.TryParse(Text(3), CultureInfo.InvariantCulture, out var progress) ? progress : null,
            state == JobState.Queued ? ahead + 1 : null,
            Text(5).Length > 0 ? new StoredImage(Text(5), Text(6), (long)fields[7]) : null,
            Text(8).Length > 0 ? new StoredImage(Text(8), Text(9), (long)fields[10]) : null,
            Text(11).Length > 0 ? Text(11) : null,
            Text(12).Length > 0 ? JsonSerializer.Deserialize<JobProblem>(Text(12)) : null,
            Text(13).Length > 0 ? Text(14) == SaveState.Saved : null,
            Text(15).Length > 0 ? new Preview((int)fields[18], new StoredImage(Text(15), Text(16), (long)fields[17])) : null);
    }

    /// <summary>Starts a finished job's life again, because its result is fetched.</summary>
    /// <returns>False when it is over.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task<bool> ExtendRetentionAsync(JobId id) => (await scripts.RunAsync(ScriptName.ExtendRetention, id, upload: null))[0] == ScriptResult.Extended;

    /// <summary>Cancels a job, or drops what a job that has ended left.</summary>
    /// <returns>False when there is no such job.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task<bool> DeleteAsync(JobId id) => await CancelAsync(id) != ScriptResult.NotFound;

    /// <summary>Cancels a job that waits in its queue, and no other.</summary>
    /// <returns>Whether it waited.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task<bool> CancelQueuedAsync(JobId id) => await CancelAsync(id, JobState.Queued) == ScriptResult.Cancelled;

    private async Task<string> CancelAsync(JobId id, params RedisValue[] only)
    {
        var answer = await scripts.RunAsync(ScriptName.Cancel, id, upload: null, only);
        if (answer[0] is ScriptResult.Cancelled or ScriptResult.Dropped)
        {
            store.Publish(StoreKeys.Changed, id.ToString());
        }

        if (answer[0] == ScriptResult.Cancelled)
        {
            metrics.Ended(JobState.Cancelled);
        }

        return answer[0];
    }

    /// <summary>Waits for the store's replicas, where a job counts as stored only when they have it.</summary>
    /// <remarks>WAIT covers what its own connection wrote before, so it must go the same way as the script.</remarks>
    private async Task ReplicateAsync()
    {
        var wanted = options.Value.Replicas;
        if (wanted > 0 && (long)await store.RunAsync(database => database.ExecuteAsync("WAIT", wanted, (int)ReplicationTime.TotalMilliseconds)) < wanted)
        {
            throw new StoreUnavailableException("The job store's replicas lag behind.");
        }
    }
}
