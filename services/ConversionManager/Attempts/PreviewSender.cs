using System.Diagnostics;
using ImageEditor.ConversionManager.ImageInspection;
using ImageEditor.ConversionManager.ImageInspection.Containers;
using ImageEditor.ConversionManager.Leasing;

namespace ImageEditor.ConversionManager.Attempts;

/// <summary>Sends a converter's previews to the job manager: the newest each time, at most twice a second.</summary>
/// <remarks>It never delays the conversion.</remarks>
internal sealed class PreviewSender(AttemptClient attempts, AttemptClaim claim, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Larger pictures are no previews.</summary>
    public const int MaxBytes = 256 << 10;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _stop = new();
    private Preview? _newest;
    private Task? _sending;

    /// <summary>Takes a picture to send; called by one task.</summary>
    public void Offer(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > MaxBytes || ImageInspector.FormatOf(bytes.Span) is not { } format)
        {
            return;
        }

        Interlocked.Exchange(ref _newest, new Preview(bytes, format.MediaType()));
        _sending ??= SendAsync();
    }

    /// <summary>Stops sending; what was not sent is dropped.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await (_sending ?? Task.CompletedTask);
        _stop.Dispose();
    }

    private async Task SendAsync()
    {
        // One of many, each like the other: not a part of the job's trace.
        Activity.Current = null;
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                if (Interlocked.Exchange(ref _newest, null) is { } preview
                    && await attempts.PutPreviewAsync(claim, preview.Bytes, preview.ContentType, _stop.Token) == LeaseStatus.Lost)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The attempt is over.
        }
    }

    private sealed record Preview(ReadOnlyMemory<byte> Bytes, string ContentType);
}
