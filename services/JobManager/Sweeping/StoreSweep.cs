using System.Text.Json;
using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Saves;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Contracts;
using StackExchange.Redis;

namespace ImageEditor.JobManager.Sweeping;

/// <summary>
/// Does what is due, and repairs what a killed store has left. Any number of replicas may do it at once. What is due for a
/// job is decided in <c>Store/Lua/sweep.lua</c>.
/// </summary>
internal sealed partial class StoreSweep(
    StoreConnection store, StoreClock clock, QueueHeads heads, JobScriptRunner scripts, JobMetrics metrics, SaveMetrics saveMetrics,
    ILogger<StoreSweep> logger)
{
    private const int PageSize = 200;
    private const int Parallelism = 8;

    private static readonly RedisValue[] Problems =
        [JsonSerializer.Serialize(JobProblem.QueueTimeout), JsonSerializer.Serialize(JobProblem.AllLeasesExpired)];

    /// <summary>Checks every job for which something is due.</summary>
    /// <returns>The store's time.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task<long> SweepAsync(CancellationToken cancellationToken)
    {
        var time = await clock.TickAsync();
        RedisValue[] due;
        StoreUnavailableException? failure = null;
        do
        {
            due = await store.RunAsync(database => database.SortedSetRangeByScoreAsync(StoreKeys.Due, stop: time, take: PageSize));
            await Parallel.ForEachAsync(
                due,
                new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
                async (id, _) =>
                {
                    try
                    {
                        await SweepJobAsync(id.ToString());
                    }
                    catch (StoreUnavailableException exception) when (exception.InnerException is RedisServerException)
                    {
                        // A full store can still delete what has expired, so one job that cannot be written must not stop the others.
                        failure = exception;
                    }
                });
            if (failure is not null)
            {
                throw failure;
            }
        }
        while (due.Length == PageSize);
        return time;
    }

    /// <summary>Drops what belongs to no job, and counts the memory again.</summary>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task AuditAsync(CancellationToken cancellationToken)
    {
        // The sizes first: a job that is created in between is in both.
        var fields = (await store.RunAsync(database => database.HashKeysAsync(StoreKeys.Sizes))).Select(field => field.ToString());
        var due = await store.RunAsync(database => database.SortedSetRangeByRankAsync(StoreKeys.Due));
        var known = due.Select(id => id.ToString()).ToHashSet();

        // One image of a job is accounted: its input, and then its result. A save accounts for both of its images itself.
        var suspects = fields
            .GroupBy(field => field[..field.IndexOf(':', StringComparison.Ordinal)])
            .Where(job => !known.Contains(job.Key) || job.Count(IsImage) > 1)
            .SelectMany(job => job);
        await Parallel.ForEachAsync(
            suspects,
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (field, _) => await DropOrphanAsync(field));
        await store.RunAsync(ScriptName.Recount, StoreKeys.OfScript(StoreKeys.None));
        var time = await clock.TickAsync();
        await store.RunAsync(database => database.SortedSetRemoveRangeByScoreAsync(StoreKeys.Aside, double.NegativeInfinity, time));
    }

    /// <summary>Reads the statistics that the gauges show.</summary>
    /// <param name="converters">The converters whose queues are read.</param>
    /// <param name="time">The store's time.</param>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task<StoreStatistics> MeasureAsync(IEnumerable<string> converters, long time)
    {
        var names = converters.SelectMany(StoreKeys.QueueNames).ToList();
        var waiting = await heads.ReadAsync([.. names.Select(StoreKeys.Queue)]);
        var (used, saves, nextSave, aside) = await store.RunAsync(async database =>
        {
            var used = database.HashGetAsync(StoreKeys.Usage, ["in", "out", "running", "save"]);
            var saves = database.SortedSetLengthAsync(StoreKeys.Saves);
            var nextSave = database.SortedSetRangeByRankWithScoresAsync(StoreKeys.Saves, 0, 0);
            var aside = database.SortedSetRangeByScoreAsync(StoreKeys.Aside, time, exclude: Exclude.Start);
            return (Array.ConvertAll(await used, value => (long)value), await saves, await nextSave, await aside);
        });
        var setAside = aside.CountBy(member => StoreKeys.ConverterAside(member.ToString())).ToDictionary();
        var queues = new List<QueueStatistics>();
        foreach (var (name, (length, first)) in names.Zip(waiting))
        {
            var since = first is null ? time : (await store.ReadHashAsync(StoreKeys.Job(first), "since")).Number("since");
            queues.Add(new QueueStatistics(name, length, Age(since)));
        }

        return new StoreStatistics(
            [.. from queue in queues
                group queue by StoreKeys.ConverterOf(queue.Converter) into both
                select new QueueStatistics(
                    both.Key, both.Sum(queue => queue.Length), both.Max(queue => queue.Oldest), setAside.GetValueOrDefault(both.Key))],
            Math.Max(0, used[2]),
            used[0] + used[1],
            new SaveStatistics(saves, Age(nextSave is [var oldest] ? (long)oldest.Score : time), used[3]));

        TimeSpan Age(long since) => TimeSpan.FromMilliseconds(Math.Max(0, time - since));
    }

    private async Task SweepJobAsync(string member)
    {
        if (!JobId.TryParse(member, out var id))
        {
            return;
        }

        var (result, fields) = await scripts.RunAsync(ScriptName.Sweep, id, upload: null, Problems);
        switch (result)
        {
            case ScriptResult.LeaseExpired:
                Log.LeaseExpired(logger, id.ShortId);
                store.Publish(StoreKeys.Waiting, fields.Text("converter"));
                break;
            case ScriptResult.Requeued:
                store.Publish(StoreKeys.Waiting, fields.Text("converter"));
                return;
            case ScriptResult.Failed or ScriptResult.TimedOut:
                metrics.Ended(JobState.Failed);
                Log.Failed(logger, id.ShortId, result == ScriptResult.TimedOut ? "it waited too long" : "its leases expired too often");
                break;
            case ScriptResult.SaveLeaseExpired:
                Log.SaveLeaseExpired(logger, id.ShortId);
                saveMetrics.Retried("lapsed");
                store.Publish(StoreKeys.Waiting, StoreKeys.SavesMessage);
                return;
            case ScriptResult.SaveRequeued:
                store.Publish(StoreKeys.Waiting, StoreKeys.SavesMessage);
                return;
            case ScriptResult.SaveAbandoned:
                saveMetrics.Failed(SaveState.Abandoned);
                Log.SaveAbandoned(logger, id.ShortId);
                break;
            case ScriptResult.Expired:
                Log.Expired(logger, id.ShortId);
                break;
            default:
                return;
        }

        store.Publish(StoreKeys.Changed, id.ToString());
    }

    private async Task DropOrphanAsync(string field)
    {
        var job = StoreKeys.Job(field[..field.IndexOf(':', StringComparison.Ordinal)]);
        var reply = await store.RunAsync(
            ScriptName.DropOrphan, StoreKeys.OfScript(StoreKeys.None, job, StoreKeys.Blob(field)), field);
        if (reply.Result == ScriptResult.Dropped)
        {
            Log.Dropped(logger, JobId.Shorten(field));
        }
    }

    private static bool IsImage(string field) =>
        field.Contains(":in:", StringComparison.Ordinal) || field.Contains(":out:", StringComparison.Ordinal);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The lease on job {JobId} expired: it is back in the queue", EventName = "LeaseExpired")]
        public static partial void LeaseExpired(ILogger logger, string jobId);

        [LoggerMessage(LogLevel.Warning, "Job {JobId} failed: {Reason}", EventName = "JobGivenUp")]
        public static partial void Failed(ILogger logger, string jobId, string reason);

        [LoggerMessage(LogLevel.Warning, "The lease on the save of job {JobId} expired: it waits again", EventName = "SaveLeaseExpired")]
        public static partial void SaveLeaseExpired(ILogger logger, string jobId);

        [LoggerMessage(LogLevel.Error, "Save of job {JobId} abandoned: its time is over", EventName = "SaveTimedOut")]
        public static partial void SaveAbandoned(ILogger logger, string jobId);

        [LoggerMessage(LogLevel.Debug, "Job {JobId} expired", EventName = "JobExpired")]
        public static partial void Expired(ILogger logger, string jobId);

        [LoggerMessage(LogLevel.Information, "Dropped what was left over of job {JobId}", EventName = "LeftoverDropped")]
        public static partial void Dropped(ILogger logger, string jobId);
    }
}
