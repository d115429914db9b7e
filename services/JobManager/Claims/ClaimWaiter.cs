using ImageEditor.JobManager.Events;
using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Saves;
using ImageEditor.JobManager.Store;

namespace ImageEditor.JobManager.Claims;

/// <summary>Claims a job or a save, and waits for one to come if there is none.</summary>
internal sealed class ClaimWaiter(Leases leases, SaveLeases saves, StoreSignals signals, KnownConverters converters, TimeProvider time)
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
    public Task<Claim?> ClaimAsync(string token, string converter, TimeSpan wait, CancellationToken cancellationToken)
    {
        converters.Add(converter);
        return WaitAsync(() => leases.ClaimAsync(token, converter), converter, wait, cancellationToken);
    }

    /// <summary>Claims the next save.</summary>
    /// <inheritdoc cref="ClaimAsync"/>
    public Task<SaveClaim?> ClaimSaveAsync(string token, TimeSpan wait, CancellationToken cancellationToken) =>
        WaitAsync(() => saves.ClaimAsync(token), StoreKeys.SavesWait, wait, cancellationToken);

    private async Task<T?> WaitAsync<T>(Func<Task<T?>> claim, string signal, TimeSpan wait, CancellationToken cancellationToken)
        where T : class
    {
        var start = time.GetTimestamp();
        while (!cancellationToken.IsCancellationRequested)
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

            await signals.WaitForJobAsync(signal, left < Poll ? left : Poll, cancellationToken);
        }

        return null;
    }
}
