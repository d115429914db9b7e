using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Store;
using Microsoft.Extensions.Options;

namespace ImageEditor.JobManager.Leasing;

/// <summary>Claims work, and waits for some to come if there is none.</summary>
internal sealed class ClaimWaiter(StoreNotifications notifications, IOptions<JobsOptions> options, IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <summary>How long a missed message can delay a claim.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>Claims what waits first.</summary>
    /// <param name="claim">Claims, and returns null when nothing waits.</param>
    /// <param name="message">What is published when something waits: a converter's name or <see cref="StoreKeys.SavesMessage"/>.</param>
    /// <param name="waitSeconds">How long to wait, at most <see cref="JobsOptions.MaxClaimWait"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null when nothing came.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task<T?> WaitAsync<T>(Func<Task<T?>> claim, string message, double waitSeconds, CancellationToken cancellationToken)
        where T : class
    {
        // A process that stops answers at once, and its callers ask another one.
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        var wait = TimeSpan.FromSeconds(Math.Clamp(waitSeconds, 0, options.Value.MaxClaimWait.TotalSeconds));
        var start = time.GetTimestamp();
        while (!stopping.IsCancellationRequested)
        {
            if (await claim() is { } claimed)
            {
                return claimed;
            }

            var left = wait - time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
            {
                return null;
            }

            await notifications.WaitForJobAsync(message, left < PollInterval ? left : PollInterval, stopping.Token);
        }

        return null;
    }
}
