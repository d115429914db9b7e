using ImageEditor.ConversionManager.ImageInspection;

namespace ImageEditor.ConversionManager.Saves;

/// <summary>Images of jobs that the release before has stored or converted, whose sizes the job store does not know.</summary>
/// <remarks>
/// Such a job is saved or given up two days after an upgrade (<c>Jobs:MaxQueueTime</c> and <c>Jobs:MaxSaveTime</c>), so the next release
/// needs none of this.
/// </remarks>
internal static class UnmeasuredImage
{
    /// <param name="file">An image, or the form of several images that was a job's input.</param>
    /// <param name="contentType">The file's media type.</param>
    /// <returns>The image, or the form's first one, which was converted; null when it is no image that is read.</returns>
    public static ImageFile? Measure(ReadOnlyMemory<byte> file, string contentType)
    {
        var image = contentType.StartsWith("multipart/", StringComparison.Ordinal) ? ReadFirstPart(file) : file;
        return ImageInspector.Inspect(image.Span) is { IsAccepted: true, Info: var info } ? ImageFile.Create(image, info) : null;
    }

    /// <summary>Reads forms of this service only: the boundary is the first line, and occurs in no image.</summary>
    private static ReadOnlyMemory<byte> ReadFirstPart(ReadOnlyMemory<byte> form)
    {
        var boundary = form.Span[..form.Span.IndexOf("\r\n"u8)];
        var part = form[(form.Span.IndexOf("\r\n\r\n"u8) + 4)..];
        return part[..(part.Span.IndexOf(boundary) - 2)];
    }
}
