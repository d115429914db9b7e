using ImageEditor.ServiceDefaults.Streams;

namespace ImageEditor.ConversionManager.Attempts;

/// <summary>Reads a source, and remembers whether that failed: a fault of the source is no fault of the destination.</summary>
internal sealed class SourceFaultStream(Stream source) : AsyncReadStream
{
    /// <summary>A frozen source keeps its connection open: without a limit the attempt would wait until its own time-out.</summary>
    private static readonly TimeSpan SourceTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Whether reading the source failed, or took too long.</summary>
    public bool Faulted { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(SourceTimeout);
        try
        {
            // Awaited to its end: a read that ends late must not write into a buffer that is used again.
            return await source.ReadAsync(buffer, timeout.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            Faulted = true;
            throw new IOException("The source did not continue in time.", exception);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Faulted = true;
            throw;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
        }

        base.Dispose(disposing);
    }
}
