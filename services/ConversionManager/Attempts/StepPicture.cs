using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using ImageEditor.ConversionManager.ImageInspection;
using ImageEditor.ConversionManager.ImageInspection.Containers;
using Microsoft.AspNetCore.WebUtilities;

namespace ImageEditor.ConversionManager.Attempts;

/// <summary>A picture between two steps of a recipe: in memory where it is small, else in a file, which goes with it.</summary>
internal sealed class StepPicture : IDisposable
{
    private const int MemoryThreshold = 512 << 10;
    private const int ChunkBytes = 64 << 10;

    /// <summary>Enough for the signatures of <see cref="LosslessFormats"/>.</summary>
    private const int SignatureBytes = 64;

    /// <summary>What a step that is not the last one answers.</summary>
    private static readonly ImageFormat[] LosslessFormats = [ImageFormat.Png, ImageFormat.Webp, ImageFormat.Tiff];

    private readonly FileBufferingReadStream _bytes;
    private readonly SemaphoreSlim _reading = new(1);

    private StepPicture(FileBufferingReadStream bytes) => _bytes = bytes;

    /// <summary>How many bytes it has.</summary>
    public long Length => _bytes.Length;

    /// <summary>Reads what a converter sends.</summary>
    /// <returns>Null when it has more bytes than it may.</returns>
    public static async Task<StepPicture?> ReadAsync(Stream source, long maxBytes, CancellationToken cancellationToken)
    {
        var bytes = new FileBufferingReadStream(source, MemoryThreshold);
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        var isWhole = false;
        try
        {
            while (await bytes.ReadAsync(chunk.AsMemory(), cancellationToken) > 0)
            {
                if (bytes.Length > maxBytes)
                {
                    return null;
                }
            }

            isWhole = true;
            return new StepPicture(bytes);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
            if (!isWhole)
            {
                await bytes.DisposeAsync();
            }
        }
    }

    /// <summary>Its format, if it is one that loses nothing.</summary>
    /// <remarks>
    /// Only its first bytes are looked at: the HTTP client has seen that it is whole, and the next converter decodes all of it.
    /// </remarks>
    public ImageFormat? FindFormat() =>
        ImageInspector.FormatOf(Head(SignatureBytes)) is { } format && LosslessFormats.Contains(format) ? format : null;

    /// <summary>Its first bytes.</summary>
    public byte[] Head(int count)
    {
        var head = new byte[Math.Min(count, _bytes.Length)];
        _bytes.Position = 0;
        _bytes.ReadExactly(head);
        return head;
    }

    /// <summary>The picture as a body, as often as it is needed. Disposing of that does not dispose of the picture.</summary>
    public HttpContent ToContent(string mediaType) => new Body(this, mediaType);

    public void Dispose()
    {
        _bytes.Dispose();
        _reading.Dispose();
    }

    private sealed class Body : HttpContent
    {
        private readonly StepPicture _picture;

        public Body(StepPicture picture, string mediaType)
        {
            _picture = picture;
            Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            // A try that was refused early may still be sending for a moment, until its connection is closed.
            await _picture._reading.WaitAsync(cancellationToken);
            try
            {
                _picture._bytes.Position = 0;
                await _picture._bytes.CopyToAsync(stream, cancellationToken);
            }
            finally
            {
                _picture._reading.Release();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _picture.Length;
            return true;
        }
    }
}
