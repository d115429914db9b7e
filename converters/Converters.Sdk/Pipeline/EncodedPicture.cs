using ImageEditor.Converters.Images;

namespace ImageEditor.Converters.Pipeline;

/// <summary>A result as a file, which a converter made itself of a picture (<see cref="Conversion.Encode"/>).</summary>
public sealed class EncodedPicture
{
    internal EncodedPicture(MemoryStream file, ImageFormat format) => (File, EncodedAs) = (file, format);

    /// <summary>How many bytes it has.</summary>
    public long Length => File.Length;

    /// <summary>What it is encoded as: jpeg, png, webp, gif, avif or tiff.</summary>
    public string Format => EncodedAs.Name();

    internal MemoryStream File { get; }

    internal ImageFormat EncodedAs { get; }
}
