using ImageEditor.ConversionManager.ImageInspection.Containers;

namespace ImageEditor.ConversionManager.ImageInspection;

/// <summary>Names what people send by mistake, so that the refusal can say what it was.</summary>
internal static class UnsupportedFormats
{
    /// <summary>One sentence on what the bytes are, for bytes of no format that is read.</summary>
    public static string Describe(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [] => "The request has no body.",
        _ when CameraRaw.HasSignatureOfOne(bytes) => CameraRaw.Refusal,
        _ when bytes.StartsWith("%PDF"u8) => "This is a PDF document, not a picture.",
        _ when IsSvg(bytes) => "This is an SVG drawing, which has no pixels.",
        _ when bytes.StartsWith("BM"u8) => "This is a BMP picture, which is not read.",
        _ when bytes.StartsWith("8BPS"u8) => "This is a Photoshop document, which is not read.",
        _ when bytes.StartsWith("\u0000\u0000\u0001\u0000"u8) => "This is an icon file, which is not read.",
        _ when IsJpegXl(bytes) => "This is a JPEG XL picture, which is not read.",
        _ when bytes.Length >= 12 && bytes[4..8].SequenceEqual("ftyp"u8) => DescribeMedia(bytes[8..12]),
        _ when bytes.StartsWith("PK\u0003\u0004"u8) => "This is a ZIP archive or an office document, not a picture.",
        _ => "These bytes are not a picture of a known format, whatever the file is called.",
    };

    private static string DescribeMedia(ReadOnlySpan<byte> brand) =>
        brand.SequenceEqual("avis"u8) ? "This is an animated AVIF picture, whose frames would be lost."
        : brand.StartsWith("hei"u8) || brand.StartsWith("hev"u8) || brand.SequenceEqual("mif1"u8) || brand.SequenceEqual("msf1"u8)
        ? "This is a HEIC picture, which is not read."
        : "This is a video, not a picture.";

    private static bool IsSvg(ReadOnlySpan<byte> bytes) => bytes[..Math.Min(bytes.Length, 1024)].IndexOf("<svg"u8) >= 0;

    /// <summary>A bare codestream, or one in boxes.</summary>
    private static bool IsJpegXl(ReadOnlySpan<byte> bytes) =>
        bytes is [0xFF, 0x0A, ..] or [0, 0, 0, 0x0C, (byte)'J', (byte)'X', (byte)'L', (byte)' ', ..];
}
