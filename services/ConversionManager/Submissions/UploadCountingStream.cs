using ImageEditor.ServiceDefaults.Streams;

namespace ImageEditor.ConversionManager.Submissions;

/// <summary>A request's body, whose bytes are counted as they arrive.</summary>
internal sealed class UploadCountingStream(Stream source, UploadMemoryBudget.Reservation memory) : AsyncReadStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await source.ReadAsync(buffer, cancellationToken);
        memory.Add(read);
        return read;
    }
}
