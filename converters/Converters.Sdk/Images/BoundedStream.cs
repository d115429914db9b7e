namespace ImageEditor.Converters.Images;

/// <summary>Holds a result up to so many bytes, and stops whoever writes more.</summary>
/// <param name="expectedBytes">About how many it will hold; saves making room again and again.</param>
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
