using System.Security.Cryptography;
using System.Text;
using ImageEditor.ConversionManager.ImageInspection.Containers;
using ImageEditor.ConversionManager.Jobs;

namespace ImageEditor.ConversionManager.Submissions;

/// <summary>What a converter is sent for a job, and the images in it.</summary>
/// <param name="Body">The image, or a form with several.</param>
/// <param name="ContentType">The body's media type.</param>
/// <param name="Images">The images in the body: first the one to convert, then the parameters by name.</param>
internal sealed record JobInput(ReadOnlyMemory<byte> Body, string ContentType, IReadOnlyList<InputImage> Images)
{
    /// <summary>Bytes that a part of a form takes beside its image, generously.</summary>
    private const int PartOverhead = 512;

    /// <summary>Equal images make equal inputs.</summary>
    public static JobInput Create(IReadOnlyList<(NamedImage Image, ImageInfo Info)> images) =>
        images is [var (image, info)]
            ? new JobInput(image.Bytes, info.MediaType, [Describe(image, info, offset: 0)])
            : CreateForm(images);

    private static JobInput CreateForm(IReadOnlyList<(NamedImage Image, ImageInfo Info)> images)
    {
        // A boundary from the content is the same each time, and does not occur in it but by breaking the hash.
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (image, _) in images)
        {
            hash.AppendData(image.Bytes.Span);
        }

        var boundary = Convert.ToHexStringLower(hash.GetHashAndReset());
        var body = new MemoryStream(images.Sum(image => image.Image.Bytes.Length + PartOverhead));
        var described = new List<InputImage>();
        foreach (var (image, info) in images)
        {
            body.Write(Encoding.ASCII.GetBytes(
                $"--{boundary}\r\nContent-Disposition: form-data; name=\"{image.Name}\"; filename=\"{image.Name}\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\n"));
            described.Add(Describe(image, info, (int)body.Length));
            body.Write(image.Bytes.Span);
            body.Write("\r\n"u8);
        }

        body.Write(Encoding.ASCII.GetBytes($"--{boundary}--\r\n"));
        return new JobInput(
            body.GetBuffer().AsMemory(0, (int)body.Length), $"multipart/form-data; boundary={boundary}", described);
    }

    private static InputImage Describe(NamedImage image, ImageInfo info, int offset) =>
        new(image.Name, info.MediaType, offset, image.Bytes.Length, info.Width, info.Height);
}
