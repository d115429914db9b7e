namespace ImageEditor.ServiceDefaults.Tests.Http;

/// <summary>A body whose second half comes only when it is told to; it can be read once.</summary>
internal sealed class SlowStream(Task secondHalf) : Stream
{
    private int _reads;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        switch (_reads++)
        {
            case 0:
                "first "u8.CopyTo(buffer.Span);
                return 6;
            case 1:
                await secondHalf.WaitAsync(cancellationToken);
                "second"u8.CopyTo(buffer.Span);
                return 6;
            default:
                return 0;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
