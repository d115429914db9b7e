using System.Buffers;
using System.Threading.RateLimiting;

namespace ImageEditor.JobManager.Store;

/// <summary>A request's whole body in memory: a value in the store is written in one piece.</summary>
internal sealed class RequestBody(byte[] buffer, int length, RateLimitLease permits) : IDisposable
{
    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Bytes => buffer.AsMemory(0, length);

    /// <summary>Returns the buffer for reuse. To be called only after the store has answered: until then its connection may still read
    /// from it.</summary>
    public void ReturnBuffer() => ArrayPool<byte>.Shared.Return(buffer);

    public void Dispose() => permits.Dispose();
}
