using ImageEditor.Converters.Settings;
using Microsoft.Extensions.Options;

namespace ImageEditor.Converters.Http;

/// <summary>Bounds how many conversions run at once, and with them this process's memory.</summary>
internal sealed class ConcurrencyGate(IOptions<ConverterOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _slots = new(options.Value.ConcurrentRequests);

    /// <summary>Takes a slot without waiting: whoever calls knows best what else to do meanwhile.</summary>
    /// <returns>The slot, to be disposed of when the work is over; null when none is free.</returns>
    public IDisposable? TryEnter() => _slots.Wait(TimeSpan.Zero) ? new Slot(_slots) : null;

    public void Dispose() => _slots.Dispose();

    private sealed class Slot(SemaphoreSlim slots) : IDisposable
    {
        public void Dispose() => slots.Release();
    }
}
