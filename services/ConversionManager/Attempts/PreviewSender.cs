using System.Diagnostics;
using ImageEditor.ConversionManager.ImageInspection;
using ImageEditor.ConversionManager.ImageInspection.Containers;
using ImageEditor.ConversionManager.Leasing;

namespace ImageEditor.ConversionManager.Attempts;

/// <summary>Hands a converter's previews on: the newest each time, twice a second at the most. It never holds the conversion up; what comes too fast is dropped.</summary>
internal sealed class PreviewSender(AttemptClient jobs, AttemptClaim claim, TimeProvider time, CancellationToken stop)
{
    /// <summary>Larger pictures are no previews.</summary>
    public const int MaxBytes = 256 << 10;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private Preview? _newest;
    private Task _sending = Task.CompletedTask;
    private bool _started;

    /// <summary>Takes a picture to hand on; called by one task.</summary>
    public void Offer(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > MaxBytes || ImageInspector.FormatOf(bytes.Span) is not { } format)
        {
            return;
        }

        Interlocked.Exchange(ref _newest, new Preview(bytes, format.MediaType()));
        if (!_started)
        {
            _started = true;
            _sending = SendAsync();
        }
    }

    /// <summary>Completes soon after the attempt was stopped.</summary>
    public Task EndAsync() => _sending;

    private async Task SendAsync()
    {
        // One of many, each like the other: not a part of the job's trace.
        Activity.Current = null;
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                if (Interlocked.Exchange(ref _newest, null) is { } preview && await jobs.PutPreviewAsync(claim, preview.Bytes, preview.ContentType, stop) == LeaseStatus.Lost)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The attempt is over.
        }
    }

    private sealed record Preview(ReadOnlyMemory<byte> Bytes, string ContentType);
}
