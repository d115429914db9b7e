using ImageEditor.ServiceDefaults.Streams;

namespace ImageEditor.ConversionManager.Attempts;

/// <summary>The input of a job that this process has taken in and runs itself, so that it need not be read from the store.</summary>
/// <param name="bytes">The input.</param>
/// <param name="room">What it holds of the room for uploads; given back when it was sent on.</param>
internal sealed class HeldInput(ReadOnlyMemory<byte> bytes, IDisposable room) : IDisposable
{
    private ReadOnlyMemory<byte> _bytes = bytes;

    /// <summary>The input as a body, to be read once. Its room is given back when it was read to its end.</summary>
    public HttpContent Open() => new StreamContent(new OnceStream(this));

    public void Dispose()
    {
        _bytes = default;
        room.Dispose();
    }

    private sealed class OnceStream(HeldInput input) : AsyncReadStream
    {
        private int _position;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var rest = input._bytes[Math.Min(_position, input._bytes.Length)..];
            var count = Math.Min(rest.Length, buffer.Length);
            rest[..count].CopyTo(buffer);
            _position += count;
            if (count == rest.Length)
            {
                input.Dispose();
            }

            return ValueTask.FromResult(count);
        }
    }
}
