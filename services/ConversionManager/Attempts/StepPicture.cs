using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using ImageEditor.ConversionManager.ImageInspection;
using ImageEditor.ConversionManager.ImageInspection.Containers;

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

    private readonly Stream _bytes;
    private readonly SemaphoreSlim _reading = new(1);

    private StepPicture(Stream bytes) => _bytes = bytes;

    /// <summary>How many bytes it has.</summary>
    public long Length => _bytes.Length;

    /// <summary>Reads what a converter sends.</summary>
    /// <param name="source">What it sends.</param>
    /// <param name="maxBytes">How many bytes it may have.</param>
    /// <param name="directory">Where its file is, if it needs one.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Null when it has more bytes than it may.</returns>
    /// <exception cref="StepNotStoredException">It could not be written, which is no fault of the converter.</exception>
    public static async Task<StepPicture?> ReadAsync(
        Stream source, long maxBytes, string directory, CancellationToken cancellationToken)
    {
        Stream bytes = new MemoryStream();
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        var isWhole = false;
        try
        {
            while (await source.ReadAsync(chunk.AsMemory(0, ChunkBytes), cancellationToken) is > 0 and var count)
            {
                if (bytes.Length + count > maxBytes)
                {
                    return null;
                }

                if (bytes is MemoryStream memory && memory.Length + count > MemoryThreshold)
                {
                    bytes = await MoveToFileAsync(memory, directory, cancellationToken);
                }

                await WriteAsync(bytes, chunk.AsMemory(0, count), cancellationToken);
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

    private static async Task<FileStream> MoveToFileAsync(MemoryStream memory, string directory, CancellationToken cancellationToken)
    {
        var file = OpenFile(directory);
        try
        {
            await WriteAsync(file, memory.GetBuffer().AsMemory(0, (int)memory.Length), cancellationToken);
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private static FileStream OpenFile(string directory)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var path = Path.Combine(directory, $"step-{Guid.NewGuid():N}");
        try
        {
            var file = new FileStream(path, options);
            if (!OperatingSystem.IsWindows())
            {
                // It lives on without its name, and goes with this process, however that ends.
                File.Delete(path);
            }

            return file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StepNotStoredException(exception);
        }
    }

    private static async Task WriteAsync(Stream bytes, ReadOnlyMemory<byte> chunk, CancellationToken cancellationToken)
    {
        try
        {
            await bytes.WriteAsync(chunk, cancellationToken);
        }
        catch (IOException exception)
        {
            throw new StepNotStoredException(exception);
        }
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
