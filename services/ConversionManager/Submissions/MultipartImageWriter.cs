using System.Security.Cryptography;
using System.Text;

namespace ImageEditor.ConversionManager.Submissions;

/// <summary>Several images as one <c>multipart/form-data</c> body; equal images make equal bodies.</summary>
internal static class MultipartImageWriter
{
    public static (ReadOnlyMemory<byte> Body, string ContentType) Write(IReadOnlyList<NamedImage> images)
    {
        // A boundary from the content is the same each time, and does not occur in it but by breaking the hash.
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var image in images)
        {
            hash.AppendData(image.Bytes.Span);
        }

        var boundary = Convert.ToHexStringLower(hash.GetHashAndReset());
        var body = new MemoryStream();
        foreach (var (name, bytes) in images)
        {
            body.Write(Encoding.ASCII.GetBytes(
                $"--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{name}\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\n"));
            body.Write(bytes.Span);
            body.Write("\r\n"u8);
        }

        body.Write(Encoding.ASCII.GetBytes($"--{boundary}--\r\n"));
        return (body.GetBuffer().AsMemory(0, (int)body.Length), $"multipart/form-data; boundary={boundary}");
    }
}
