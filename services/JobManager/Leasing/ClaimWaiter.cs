using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace ImageEditor.JobManager.Leasing;

/// <summary>Responds to a request for a claim, and waits for work if there is none.</summary>
internal sealed class ClaimWaiter(
    StoreNotifications notifications, IOptions<JobsOptions> options, IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <summary>Claims what is next.</summary>
    /// <param name="token">Chosen by the caller, so that the request can be repeated.</param>
    /// <param name="claim">Claims, and returns null when nothing waits.</param>
    /// <param name="messages">What is published when something waits: names of queues, or <see cref="StoreKeys.SavesMessage"/>.</param>
    /// <param name="waitSeconds">How long to wait, at most <see cref="JobsOptions.MaxClaimWait"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task<Results<Ok<T>, NoContent, Problem>> ClaimAsync<T>(
        string token, Func<Task<T?>> claim, IReadOnlyList<string> messages, double waitSeconds, CancellationToken cancellationToken)
        where T : class
    {
        if (!ClaimToken.IsValid(token))
        {
            return JobProblems.Invalid($"A claim names a token ({ClaimToken.Rule}).");
        }

        // A process that stops responds at once, so that its callers ask another one.
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        var wait = TimeSpan.FromSeconds(Math.Clamp(waitSeconds, 0, options.Value.MaxClaimWait.TotalSeconds));
        var start = time.GetTimestamp();
        string? woken = null;
        while (!stopping.IsCancellationRequested)
        {
            woken = null;
            if (await claim() is { } claimed)
            {
                return TypedResults.Ok(claimed);
            }

            var left = wait - time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
            {
                break;
            }

            woken = await notifications.Claimers.WaitAsync(messages, left, stopping.Token);
        }

        if (woken is not null)
        {
            // Whoever has gone claims nothing any more: another one is to.
            notifications.Claimers.Notify(woken);
        }

        return TypedResults.NoContent();
    }
}
