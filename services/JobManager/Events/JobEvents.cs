using System.Diagnostics;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.JobManager.Events;

/// <summary>Reports the states of jobs, up to their end.</summary>
internal sealed partial class JobEvents(
    JobStore store, StoreNotifications notifications, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<JobEvents> logger)
{
    private const string EventName = "job";

    /// <summary>How long a missed message can delay an event; positions in the queue change without one.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>Shorter than the idle time-outs of proxies.</summary>
    private static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(15);

    /// <summary>The current states first, then each change; ends when every job has ended, or this process stops.</summary>
    /// <remarks>After <see cref="KeepAliveInterval"/> without an event one state is sent again: it keeps proxies from closing the
    /// connection, and shows when the client is gone.</remarks>
    /// <exception cref="StoreUnavailableException">The store did not answer before the first event; later it is waited for.</exception>
    public async IAsyncEnumerable<SseItem<JobEvent>> StreamAsync(
        IReadOnlyCollection<string> ids, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        using var subscription = notifications.Subscribe(ids);
        var sent = new Dictionary<string, JobEvent>(StringComparer.Ordinal);
        var open = new HashSet<string>(ids, StringComparer.Ordinal);
        IReadOnlyCollection<string> changed = [.. ids];
        var last = time.GetTimestamp();
        while (true)
        {
            foreach (var current in await ReadAsync(changed, mayFail: sent.Count == 0))
            {
                if (IsEnd(current))
                {
                    open.Remove(current.JobId);
                }

                if (sent.GetValueOrDefault(current.JobId) != current)
                {
                    sent[current.JobId] = current;
                    last = time.GetTimestamp();
                    yield return new SseItem<JobEvent>(current, EventName);
                }
            }

            if (open.Count == 0 || stopping.IsCancellationRequested)
            {
                yield break;
            }

            if (time.GetElapsedTime(last) > KeepAliveInterval)
            {
                last = time.GetTimestamp();
                yield return new SseItem<JobEvent>(sent[open.First()], EventName);
            }

            var notified = await WaitAsync(subscription, stopping.Token);
            changed = [.. notified.Count == 0 ? open : notified.Where(open.Contains)];
        }
    }

    private static async Task<IReadOnlyCollection<string>> WaitAsync(JobSubscription subscription, CancellationToken cancellationToken)
    {
        try
        {
            return await subscription.WaitAsync(PollInterval, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return [];
        }
    }

    private static bool IsEnd(JobEvent job) => job.State is not (JobState.Queued or JobState.Running);

    private async Task<JobEvent[]> ReadAsync(IEnumerable<string> ids, bool mayFail)
    {
        if (!mayFail)
        {
            // A stream may last for hours: its polls would fill the request's trace, which is kept until the stream ends.
            Activity.Current = null;
        }

        try
        {
            return await Task.WhenAll(ids.Select(
                async id => JobEvent.From(id, JobId.TryParse(id, out var job) ? await store.ReadAsync(job) : null)));
        }
        catch (StoreUnavailableException exception) when (!mayFail)
        {
            Log.StoreUnavailable(logger, exception.Message);
            return [];
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "An event stream waits for the job store: {Reason}", EventName = "StreamWaits")]
        public static partial void StoreUnavailable(ILogger logger, string reason);
    }
}
