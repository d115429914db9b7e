using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Attempts;

/// <summary>
/// How many jobs of several steps this process may run at once. A place is taken before the first step, since it cannot be waited for
/// behind it: who has it may wait for the same slot.
/// </summary>
internal sealed class RecipePlaces(IOptions<AttemptOptions> options) : IDisposable
{
    private readonly ConcurrencyLimiter _places =
        new(new ConcurrencyLimiterOptions { PermitLimit = options.Value.MaxRecipes, QueueLimit = 0 });

    /// <summary>Whether one is free now.</summary>
    public bool IsAnyFree => _places.GetStatistics() is { CurrentAvailablePermits: > 0 };

    /// <returns>A place, until it is disposed of, where one was acquired.</returns>
    public RateLimitLease TryTake() => _places.AttemptAcquire();

    public void Dispose() => _places.Dispose();
}
