using ImageEditor.JobManager.Events;
using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Store;

namespace ImageEditor.JobManager.Claims;

/// <summary>Claims a job, and waits for one to come if there is none.</summary>
internal sealed class ClaimWaiter(Leases leases, StoreSignals signals, KnownConverters converters, TimeProvider time)
{
    /// <summary>How long a missed signal can delay a claim.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    /// <summary>Claims the next job of a converter.</summary>
    /// <param name="token">Makes the call repeatable.</param>
    /// <param name="converter">The converter.</param>
    /// <param name="wait">How long to wait for a job.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null when none came.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task<Claim?> ClaimAsync(string token, string converter, TimeSpan wait, CancellationToken cancellationToken)
    {
        converters.Add(converter);
        var start = time.GetTimestamp();
        while (!cancellationToken.IsCancellationRequested)
        {
            if (await leases.ClaimAsync(token, converter) is { } claim)
            {
                return claim;
            }

            var left = wait - time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
            {
                return null;
            }

            await signals.WaitForJobAsync(converter, left < Poll ? left : Poll, cancellationToken);
        }

        return null;
    }
}
