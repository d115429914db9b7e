using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Contracts;
using StackExchange.Redis;

namespace ImageEditor.JobManager.Queues;

/// <summary>Shows the queue of a converter, and empties it, for operators.</summary>
internal sealed partial class JobQueues(StoreConnection store, JobStore jobs, ILogger<JobQueues> logger)
{
    private const int PageSize = 200;
    private const int MaxListed = 20;

    /// <summary>Reads how many jobs wait, and which are next.</summary>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task<QueueView> ReadAsync(string converter)
    {
        var (waiting, first) = (0L, new List<RedisValue>());
        foreach (var queue in StoreKeys.QueueNames(converter))
        {
            waiting += await store.RunAsync(database => database.SortedSetLengthAsync(StoreKeys.Queue(queue)));
            first.AddRange(await store.RunAsync(
                database => database.SortedSetRangeByRankAsync(StoreKeys.Queue(queue), 0, MaxListed - 1)));
        }

        var created = await store.RunAsync(
            database => Task.WhenAll(first.Select(id => database.HashGetAsync(StoreKeys.Job(id.ToString()), "created"))));

        // One that left the queue in between may be gone.
        return new QueueView(
            converter,
            waiting,
            [.. first.Zip(created).Where(job => !job.Second.IsNull).Take(MaxListed).Select(job => View(job.First, (long)job.Second))]);
    }

    /// <summary>Cancels every job that waits now, and no job that is being converted.</summary>
    /// <returns>How many were cancelled.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer; those that were cancelled until then stay so.</exception>
    public async Task<int> EmptyAsync(string converter, CancellationToken cancellationToken)
    {
        var cancelled = 0;
        foreach (var queue in StoreKeys.QueueNames(converter))
        {
            cancelled += await EmptyAsync(queue, converter, cancellationToken);
        }

        Log.Emptied(logger, converter, cancelled);
        return cancelled;
    }

    private async Task<int> EmptyAsync(string queue, string converter, CancellationToken cancellationToken)
    {
        // Jobs that come meanwhile do not count: a client that submits all the time would keep this busy for ever.
        var count = await store.RunAsync(database => database.SortedSetLengthAsync(StoreKeys.Queue(queue)));
        var cancelled = 0;
        for (var seen = 0L; seen < count; seen += PageSize)
        {
            // A cancelled job leaves the queue, so the first page is always the next; what stayed was claimed meanwhile.
            var last = Math.Min(PageSize, count - seen) - 1;
            var ids = await store.RunAsync(database => database.SortedSetRangeByRankAsync(StoreKeys.Queue(queue), 0, last));
            foreach (var member in ids)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (JobId.TryParse(member.ToString(), out var id) && await jobs.CancelQueuedAsync(id))
                {
                    Log.Cancelled(logger, id.ShortId, converter);
                    cancelled++;
                }
            }
        }

        return cancelled;
    }

    private static WaitingJob View(RedisValue member, long created) => new(
        JobId.TryParse(member.ToString(), out var id) ? id.ShortId : "",
        DateTimeOffset.FromUnixTimeMilliseconds(created));

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information,
            "Job {JobId} was cancelled by an operator, who emptied the queue of {Converter}", EventName = "JobCancelledByOperator")]
        public static partial void Cancelled(ILogger logger, string jobId, string converter);

        [LoggerMessage(LogLevel.Warning,
            "An operator emptied the queue of {Converter}: {Count} jobs were cancelled", EventName = "QueueEmptied")]
        public static partial void Emptied(ILogger logger, string converter, int count);
    }
}

/// <summary>A converter's queue.</summary>
/// <param name="Converter">The converter.</param>
/// <param name="Waiting">How many jobs wait.</param>
/// <param name="Next">The first of them, the next one first.</param>
internal sealed record QueueView(string Converter, long Waiting, IReadOnlyList<WaitingJob> Next);

/// <summary>A job that waits.</summary>
/// <param name="Job">The first 8 digits of its id: whoever has all of it may use the job.</param>
/// <param name="CreatedAt">When it was submitted.</param>
internal sealed record WaitingJob(string Job, DateTimeOffset CreatedAt);
