using ImageEditor.Converters.Images.Containers;
using ImageEditor.ServiceDefaults.Problems;

namespace ImageEditor.Converters.Images;

/// <summary>Walks a file's container before libvips opens it: what would cost too much, or be read as another picture, ends here.</summary>
internal static class FilePreparation
{
    /// <summary>What libvips is given.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="format">Its format by magic bytes.</param>
    /// <exception cref="ProblemException">415 or 422: not a picture that is read, or past a limit.</exception>
    public static PreparedFile Prepare(byte[] bytes, ImageFormat format) => format switch
    {
        ImageFormat.Jpeg => JpegFile.Prepare(bytes),
        ImageFormat.Png => PngFile.Prepare(bytes),
        ImageFormat.Tiff => TiffFile.Prepare(bytes),
        ImageFormat.Avif => AvifFile.Prepare(bytes),
        _ => new PreparedFile(bytes),
    };
}
