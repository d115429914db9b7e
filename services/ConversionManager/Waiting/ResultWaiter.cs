using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Waiting;

/// <summary>Lets clients wait for their results, a limited number of them, and none while this process stops.</summary>
internal sealed class ResultWaiter(OutcomeClient outcomes, IOptions<WaitingOptions> options, IHostApplicationLifetime lifetime)
    : IDisposable
{
    private readonly ConcurrencyLimiter _places = new(new ConcurrencyLimiterOptions { PermitLimit = options.Value.MaxWaiters });

    /// <summary>Waits until a job has ended.</summary>
    /// <param name="jobId">A job that is stored.</param>
    /// <param name="preference">How long to wait.</param>
    /// <param name="cancellationToken">Ends the wait: the client hung up, which does not concern the job.</param>
    public async Task<Wait> WaitAsync(string jobId, WaitPreference preference, CancellationToken cancellationToken)
    {
        using var place = _places.AttemptAcquire();
        if (!place.IsAcquired)
        {
            return Wait.Refused;
        }

        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        try
        {
            return new Wait(IsApplied: true, await outcomes.WaitAsync(jobId, preference.Time, stopping.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Wait.Refused;
        }
    }

    public void Dispose() => _places.Dispose();

    /// <summary>How a wait ended.</summary>
    /// <param name="IsApplied">Whether it was waited for as long as the client wished. Else this process is full, or stops.</param>
    /// <param name="Outcome">What <c>GET /api/jobs/{id}</c> would answer; null when the job has not ended.</param>
    internal readonly record struct Wait(bool IsApplied, HttpResponseMessage? Outcome)
    {
        public static Wait Refused { get; } = new(IsApplied: false, Outcome: null);
    }
}
