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
    /// <remarks>Only its first bytes are looked at: the HTTP client has seen that it is whole, and the next converter decodes all of it.</remarks>
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
    public HttpContent ToContent(string mediaType) => new Body(_bytes, mediaType);

    public void Dispose() => _bytes.Dispose();

    private sealed class Body : HttpContent
    {
        private readonly FileBufferingReadStream _bytes;

        public Body(FileBufferingReadStream bytes, string mediaType)
        {
            _bytes = bytes;
            Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            _bytes.Position = 0;
            return _bytes.CopyToAsync(stream, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _bytes.Length;
            return true;
        }
    }
}
