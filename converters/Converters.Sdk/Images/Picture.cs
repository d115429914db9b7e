using NetVips;

namespace ImageEditor.Converters.Images;

/// <summary>A picture that was read, and the properties of its file that decide how a result is saved.</summary>
/// <param name="Image">8 or 16 bits per channel, upright, grey or RGB with any profile; nothing is decoded yet.</param>
/// <param name="Source">Where it came from.</param>
internal sealed record Picture(Image Image, SourceFile Source) : IDisposable
{
    public void Dispose() => Image.Dispose();
}

/// <summary>The file that a picture came from.</summary>
/// <param name="Format">Its format by magic bytes.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="IsLossless">Whether it kept every pixel, so that the result should, too.</param>
/// <param name="HasFullChroma">Whether it kept colour as fine as brightness.</param>
/// <param name="BitsPerSample">From 1 to 16.</param>
internal sealed record SourceFile(ImageFormat Format, int Bytes, bool IsLossless, bool HasFullChroma, int BitsPerSample);
