namespace ImageEditor.Converters.Images;

/// <summary>A result of limited size. The first byte too many stops the writer.</summary>
/// <param name="expectedBytes">About how many it will hold: then its memory is allocated once.</param>
/// <param name="maxBytes">How many bytes it may hold.</param>
/// <param name="stop">Is cancelled at the first byte too many: an exception would be lost in libvips.</param>
internal sealed class BoundedStream(int expectedBytes, int maxBytes, CancellationTokenSource stop) : MemoryStream(expectedBytes)
{
    /// <summary>Whether there was a byte too many.</summary>
    public bool IsFull { get; private set; }

    public override void Write(byte[] buffer, int offset, int count)
    {
        if (IsFull || Position + count > maxBytes)
        {
            IsFull = true;
            stop.Cancel();
            return;
        }

        base.Write(buffer, offset, count);
    }
}
