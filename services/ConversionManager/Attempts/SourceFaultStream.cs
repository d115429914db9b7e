using ImageEditor.ConversionManager.Streams;

namespace ImageEditor.ConversionManager.Attempts;

/// <summary>Passes reads on and remembers whether one failed, to tell a fault of the source from one of the destination.</summary>
internal sealed class SourceFaultStream(Stream source) : ForwardOnlyStream
{
    /// <summary>A source that is frozen keeps its connection open: without a limit the attempt would wait for it to the end of its time.</summary>
    private static readonly TimeSpan SourceTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Whether reading the source failed, or took too long.</summary>
    public bool Faulted { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(SourceTimeout);
        try
        {
            // Awaited to its end, so that a late read never writes into a buffer that somebody else has by then.
            return await source.ReadAsync(buffer, timeout.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            Faulted = true;
            throw new IOException("The source did not go on in time.", exception);
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
