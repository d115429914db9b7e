namespace ImageEditor.ConversionManager.Streams;

/// <summary>Reads a body whose sender is not trusted to keep it small.</summary>
internal static class LimitedBodyReader
{
    /// <returns>The body; null when it has more than <paramref name="maxBytes"/>.</returns>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContent content, int maxBytes, CancellationToken cancellationToken) =>
        await ReadAsync(await content.ReadAsStreamAsync(cancellationToken), content.Headers.ContentLength, maxBytes, cancellationToken);

    /// <param name="stream">The body.</param>
    /// <param name="length">How many bytes it has, where that is known.</param>
    /// <param name="maxBytes">How many it may have.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The stream's bytes; null when it has more than <paramref name="maxBytes"/>.</returns>
    /// <exception cref="EndOfStreamException">It has fewer bytes than it said.</exception>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(
        Stream stream, long? length, int maxBytes, CancellationToken cancellationToken)
    {
        if (length is { } known)
        {
            if (known > maxBytes)
            {
                return null;
            }

            var exact = new byte[known];
            await stream.ReadExactlyAsync(exact, cancellationToken);
            return exact;
        }

        var buffer = new MemoryStream();
        var chunk = new byte[64 * 1024];
        for (int read; (read = await stream.ReadAsync(chunk, cancellationToken)) > 0;)
        {
            if (buffer.Length + read > maxBytes)
            {
                return null;
            }

            buffer.Write(chunk, 0, read);
        }

        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }
}
