using ImageEditor.ConversionManager.Streams;

namespace ImageEditor.ConversionManager.Submissions;

/// <summary>A request's body, whose bytes are counted as they arrive.</summary>
internal sealed class CountedStream(Stream source, UploadRoom.Share room) : ForwardStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await source.ReadAsync(buffer, cancellationToken);
        room.Take(read);
        return read;
    }
}
