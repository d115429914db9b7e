using System.Net;
using System.Net.Http.Headers;

namespace ImageEditor.ConversionManager.Attempts;

/// <summary>An attempt's input as the body of a call, opened when the body is sent: a converter that is full gets none.</summary>
/// <remarks>A fault of the source is no fault of the converter, so it is remembered.</remarks>
internal sealed class InputContent : HttpContent
{
    private readonly long _length;
    private readonly Func<CancellationToken, Task<Stream?>> _open;

    /// <param name="claim">The attempt.</param>
    /// <param name="open">Opens the input; null when the lease is lost.</param>
    public InputContent(AttemptClaim claim, Func<CancellationToken, Task<Stream?>> open)
    {
        (_length, _open) = (claim.Length, open);
        Headers.ContentType = MediaTypeHeaderValue.Parse(claim.ContentType);
    }

    /// <summary>Whether the input could not be read.</summary>
    public bool IsFaulted { get; private set; }

    /// <summary>Whether the input is no longer this attempt's.</summary>
    public bool IsLeaseLost { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await using var source = new SourceFaultStream(await OpenAsync(cancellationToken));
        try
        {
            await source.CopyToAsync(stream, cancellationToken);
        }
        finally
        {
            IsFaulted |= source.Faulted;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }

    private async Task<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        Stream? source;
        try
        {
            source = await _open(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            IsFaulted = true;
            throw new IOException("The input could not be opened.", exception);
        }

        IsLeaseLost = source is null;
        return source ?? throw new IOException("The lease is lost.");
    }
}
