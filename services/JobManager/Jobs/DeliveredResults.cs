using System.Collections.Concurrent;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Contracts;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ImageEditor.JobManager.Jobs;

/// <summary>Results that were sent whole. Where results are short of room, they make some.</summary>
/// <remarks>That a result was sent is noted in the store with the next sweep, for many at once. A note that a dying process takes with it
/// costs nothing but room: the result then stays until its retention is over.</remarks>
internal sealed partial class DeliveredResults(
    StoreConnection store, StoreClock clock, JobScriptRunner scripts, JobMetrics metrics,
    IOptions<JobsOptions> jobs, IOptions<JobStoreOptions> options, ILogger<DeliveredResults> logger)
{
    private const int MaxNotesPerScript = 500;

    /// <summary>How many results one call drops at most: whoever claims waits for it.</summary>
    private const int MaxDropped = 64;

    /// <summary>Room is made for so large a part of the share at once, so that the next claims find some.</summary>
    private const int SpareDivisor = 16;

    private readonly ConcurrentQueue<JobId> _sent = new();

    /// <summary>Notes that a job's result was sent whole.</summary>
    public void Add(JobId id) => _sent.Enqueue(id);

    /// <summary>Writes what was noted into the store.</summary>
    /// <exception cref="StoreUnavailableException">The store did not answer; the notes are kept.</exception>
    public async Task StoreAsync()
    {
        while (!_sent.IsEmpty)
        {
            var ids = new List<JobId>();
            while (ids.Count < MaxNotesPerScript && _sent.TryDequeue(out var id))
            {
                ids.Add(id);
            }

            try
            {
                await store.RunAsync(
                    ScriptName.Deliver,
                    StoreKeys.OfScript(StoreKeys.None, [StoreKeys.Delivered, .. ids.Select(StoreKeys.Job)]),
                    [.. ids.Select(id => (RedisValue)id.ToString())]);
            }
            catch (StoreUnavailableException)
            {
                ids.ForEach(_sent.Enqueue);
                throw;
            }
        }
    }

    /// <summary>Drops results that were sent whole some time ago, the oldest first, until there is room for further ones.</summary>
    /// <returns>Whether any was dropped, or another call has made room meanwhile.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task<bool> MakeRoomAsync()
    {
        var until = await clock.TickAsync() - jobs.Value.DeliveredRetention.TotalMilliseconds;
        var oldest = await store.RunAsync(
            database => database.SortedSetRangeByScoreAsync(StoreKeys.Delivered, stop: until, take: MaxDropped));
        var isRoomier = false;
        foreach (var member in oldest)
        {
            if (!JobId.TryParse(member.ToString(), out var id))
            {
                continue;
            }

            var (result, _) = await scripts.RunAsync(ScriptName.Evict, id, upload: null, options.Value.ResultBytes / SpareDivisor);
            if (result == ScriptResult.Waiting)
            {
                return true;
            }

            if (result == ScriptResult.Expired)
            {
                isRoomier = true;
                metrics.MadeRoom();
                Log.Dropped(logger, id.ShortId);
            }
        }

        return isRoomier;
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Debug, "The result of job {JobId} was sent, and made room for others before its time", EventName = "ResultMadeRoom")]
        public static partial void Dropped(ILogger logger, string jobId);
    }
}
