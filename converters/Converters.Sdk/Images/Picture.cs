using ImageEditor.Converters.Images.Containers;
using NetVips;

namespace ImageEditor.Converters.Images;

/// <summary>A picture that was read, and the properties of its file that decide how a result is saved.</summary>
/// <param name="Image">
/// 8 or 16 bits per channel, upright, grey or RGB with any profile, black where it is fully transparent; nothing is decoded yet.
/// </param>
/// <param name="Source">Where it came from.</param>
/// <param name="File">What it was decoded from.</param>
internal sealed record Picture(Image Image, SourceFile Source, PreparedFile File) : IDisposable
{
    /// <summary>The first frame in fewer pixels, which cost a decoder less: a half or an eighth is made of a JPEG's own blocks.</summary>
    /// <param name="side">Pixels: the most that the first frame may be wide and high.</param>
    public Image Shrunk(int side)
    {
        if (!File.IsPlain || Source.IsCmyk)
        {
            using var first = Frames.First(Image);
            return first.ThumbnailImage(side, height: side, size: Enums.Size.Down);
        }

        // As an option of the loader: the operation's own argument does not reach it, and half a file would make half a picture.
        var options = $"[fail-on={(File.IsJudgedStrictly ? "warning" : "error")}{(Source.Format == ImageFormat.Jpeg ? ",unlimited" : "")}]";
        using var small = global::NetVips.Image.ThumbnailBuffer(File.Bytes, side, options, height: side, size: Enums.Size.Down);
        return Colours.WithoutForeignProfile(small);
    }

    public void Dispose() => Image.Dispose();
}

/// <summary>The file that a picture came from.</summary>
/// <param name="Format">Its format by magic bytes.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="IsLossless">Whether it kept every pixel, so that the result should, too.</param>
/// <param name="HasFullChroma">Whether it kept colour as fine as brightness.</param>
/// <param name="BitsPerSample">From 1 to 16.</param>
/// <param name="IsCmyk">Whether its colours were those of four inks.</param>
internal sealed record SourceFile(
    ImageFormat Format, int Bytes, bool IsLossless, bool HasFullChroma, int BitsPerSample, bool IsCmyk);
