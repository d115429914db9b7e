using System.Diagnostics;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.JobManager.Jobs;

/// <summary>Waits until jobs have ended.</summary>
internal sealed class JobOutcomes(
    JobStore store, StoreNotifications notifications, IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <summary>How long a missed message can delay an answer. Longer than for event streams: there are many that wait.</summary>
    private static readonly TimeSpan FallbackInterval = TimeSpan.FromSeconds(5);

    /// <summary>Reads a job once it has ended. Messages of the store tell when to look.</summary>
    /// <returns>The job, which has not ended when the time is over or this process stops; null when there is none.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task<Job?> WaitAsync(JobId id, TimeSpan wait, CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);

        // Before the first look, so that no change falls between the two.
        using var subscription = notifications.Subscribe([id.ToString()]);
        var start = time.GetTimestamp();
        while (true)
        {
            var job = await store.ReadAsync(id);
            var left = wait - time.GetElapsedTime(start);
            if (job is null or { Ended: true } || left <= TimeSpan.Zero || stopping.IsCancellationRequested)
            {
                return job;
            }

            // A job that tells its progress is looked at often, which would fill the request's trace.
            Activity.Current = null;
            await WaitForMessageAsync(subscription, left < FallbackInterval ? left : FallbackInterval, stopping.Token);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static async Task WaitForMessageAsync(JobSubscription subscription, TimeSpan timeout, CancellationToken stopping)
    {
        try
        {
            await subscription.WaitAsync(timeout, stopping);
        }
        catch (OperationCanceledException)
        {
            // The caller sees it by its own token.
        }
    }
}
