using System.Diagnostics.Metrics;
using System.Threading.RateLimiting;
using ImageEditor.ConversionManager.Attempts;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Waiting;

/// <summary>Lets clients wait for their results, a limited number of them, and none while this process stops.</summary>
internal sealed class ResultWaiter(
    OutcomeClient outcomes, DeliveryNotes delivered, IOptions<WaitingOptions> options, IHostApplicationLifetime lifetime,
    TimeProvider time, IMeterFactory meters) : IDisposable
{
    private const string MeterName = "ImageEditor.ConversionManager";

    /// <summary>What results may take together that are on their way to clients, which may be slow. More are read from the store.</summary>
    private const long MaxHeldBytes = 64L << 20;

    private readonly ConcurrencyLimiter _places = new(new ConcurrencyLimiterOptions { PermitLimit = options.Value.MaxWaiters });
    private readonly UpDownCounter<int> _waiting = meters.Create(MeterName).CreateUpDownCounter<int>(
        "image_editor.waits.active", "{request}", "Requests that wait for their results (Prefer: wait)");

    private long _heldBytes;

    /// <summary>Waits until a job has ended.</summary>
    /// <param name="jobId">A job that is stored.</param>
    /// <param name="storedResult">Its result, where this process runs it: once it is stored, it need not be read again. Null when it was
    /// not stored by this attempt.</param>
    /// <param name="preference">How long to wait.</param>
    /// <param name="cancellationToken">Ends the wait: the client hung up, which does not concern the job.</param>
    public async Task<Wait> WaitAsync(
        string jobId, Task<ConvertedImage?>? storedResult, WaitPreference preference, CancellationToken cancellationToken)
    {
        using var place = _places.AttemptAcquire();
        if (!place.IsAcquired)
        {
            return Wait.Refused;
        }

        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        var start = time.GetTimestamp();
        _waiting.Add(1);
        try
        {
            if (storedResult is not null
                && await storedResult.WaitAsync(preference.Time, time, stopping.Token) is { } image
                && TryHold(jobId, image) is { } held)
            {
                return new Wait(IsApplied: true, Held: held);
            }

            var outcome = await outcomes.WaitAsync(jobId, preference.Time - time.GetElapsedTime(start), stopping.Token);
            return new Wait(IsApplied: true, Outcome: outcome is null ? null : new OutcomeResult(jobId, outcome));
        }
        catch (TimeoutException)
        {
            return new Wait(IsApplied: true);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Wait.Refused;
        }
        finally
        {
            _waiting.Add(-1);
        }
    }

    public void Dispose() => _places.Dispose();

    /// <returns>Null when too much is held already.</returns>
    private HeldResult? TryHold(string jobId, ConvertedImage image)
    {
        long length = image.File.Bytes.Length;
        if (Interlocked.Add(ref _heldBytes, length) <= MaxHeldBytes)
        {
            return new HeldResult(
                image, onDelivered: () => delivered.Add(jobId), onReleased: () => Interlocked.Add(ref _heldBytes, -length));
        }

        Interlocked.Add(ref _heldBytes, -length);
        return null;
    }

    /// <summary>How a wait ended. Without a result or an outcome, the job has not ended.</summary>
    /// <param name="IsApplied">Whether it was waited for as long as the client wished. Else this process is full, or stops.</param>
    /// <param name="Held">The result, where this process has it.</param>
    /// <param name="Outcome">Else what <c>GET /api/jobs/{id}</c> answers.</param>
    internal readonly record struct Wait(bool IsApplied, HeldResult? Held = null, OutcomeResult? Outcome = null)
    {
        public static Wait Refused { get; } = new(IsApplied: false);
    }
}
