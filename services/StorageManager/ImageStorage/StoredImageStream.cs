using ImageEditor.ServiceDefaults.Streams;
using ImageEditor.StorageManager.Pictures;

namespace ImageEditor.StorageManager.ImageStorage;

/// <summary>
/// An image as a stream. Its position can be set before the first read, which opens the image there: the framework's responses with ranges
/// need that. An image that ends early, or whose next bytes do not come in time, is an error and never a short response.
/// </summary>
internal sealed class StoredImageStream(
    IImageStorage storage, ImageLocation location, ImageKind kind, long length, TimeSpan readTimeout) : AsyncReadStream
{
    private Stream? _content;
    private long _position;

    public override bool CanSeek => true;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => _position = _content is null || value == _position
            ? value
            : throw new InvalidOperationException("The position can be set only before the first read.");
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => length + offset,
    };

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= length || buffer.Length == 0)
        {
            return 0;
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(readTimeout);
        try
        {
            _content ??= await storage.OpenAsync(location, kind, _position, timeout.Token);
            var read = await _content.ReadAsync(buffer[..(int)Math.Min(buffer.Length, length - _position)], timeout.Token);
            if (read == 0)
            {
                throw new ImageStorageException(
                    StorageFault.Missing, $"An image of job {location.Job.ShortId} ended after {_position} of {length} bytes.");
            }

            _position += read;
            return read;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ImageStorageException(
                StorageFault.Unreachable, $"Image storage sent nothing more of an image for {readTimeout.TotalSeconds:0.#} s.");
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            throw new ImageStorageException(StorageFault.Unreachable, "Reading an image broke off: " + exception.Message, exception);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (_content is not null)
        {
            await _content.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content?.Dispose();
        }

        base.Dispose(disposing);
    }
}
