using System.Buffers;
using System.IO.Pipelines;

namespace ImageEditor.StorageManager.Gallery;

/// <summary>
/// A response's body that can be written synchronously: the pipe keeps those bytes until the next asynchronous write sends them.
/// </summary>
/// <remarks>
/// <see cref="System.IO.Compression.ZipArchive"/> writes headers synchronously, which the server's own stream refuses, since it would block
/// a thread.
/// </remarks>
internal sealed class PipeStream(PipeWriter pipe) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(byte[] buffer, int offset, int count) => pipe.Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer) => pipe.Write(buffer);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var result = await pipe.WriteAsync(buffer, cancellationToken);
        if (result.IsCompleted)
        {
            throw new OperationCanceledException("The caller is gone.");
        }
    }

    public override void Flush()
    {
        // The next asynchronous write sends what is in the pipe.
    }

    public override async Task FlushAsync(CancellationToken cancellationToken) => await pipe.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
