using System.Diagnostics.CodeAnalysis;
using ImageEditor.Converters.Settings;
using Microsoft.Extensions.Options;

namespace ImageEditor.Converters.Http;

/// <summary>Limits how many conversions run at once, and so the memory of this process.</summary>
[SuppressMessage(
    "Design", "CA1001", Justification = "The semaphore holds nothing to dispose of, and a slot may be released after the host is gone.")]
internal sealed class ConcurrencyGate(IOptions<ConverterOptions> options)
{
    /// <summary>
    /// A caller who has just read a response may send the next request before the slot of the first is released. Callers have queues for
    /// longer waits.
    /// </summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(200);

    private readonly SemaphoreSlim _slots = new(options.Value.ConcurrentRequests);

    /// <summary>Takes a slot, if one is free now or within a moment.</summary>
    /// <returns>The slot, which the caller disposes of when the work is over; null when none is free.</returns>
    public async Task<IDisposable?> TryEnterAsync(CancellationToken cancellationToken) =>
        await _slots.WaitAsync(Timeout, cancellationToken) ? new Slot(_slots) : null;

    private sealed class Slot(SemaphoreSlim slots) : IDisposable
    {
        public void Dispose() => slots.Release();
    }
}
