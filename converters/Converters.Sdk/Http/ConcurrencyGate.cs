using System.Diagnostics.CodeAnalysis;
using ImageEditor.Converters.Settings;
using Microsoft.Extensions.Options;

namespace ImageEditor.Converters.Http;

/// <summary>Bounds how many conversions run at once, and with them this process's memory.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore holds nothing to dispose of, and a slot may be given back after the host is gone.")]
internal sealed class ConcurrencyGate(IOptions<ConverterOptions> options)
{
    /// <summary>A caller who has just read an answer may ask again before that answer's slot is back. Longer waits are the caller's, who has a queue.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    private readonly SemaphoreSlim _slots = new(options.Value.ConcurrentRequests);

    /// <summary>Takes a slot, if one is free now or in a moment.</summary>
    /// <returns>The slot, to be disposed of when the work is over; null when none is free.</returns>
    public async Task<IDisposable?> TryEnterAsync(CancellationToken cancellationToken) =>
        await _slots.WaitAsync(Patience, cancellationToken) ? new Slot(_slots) : null;

    private sealed class Slot(SemaphoreSlim slots) : IDisposable
    {
        public void Dispose() => slots.Release();
    }
}
