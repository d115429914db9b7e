namespace ImageEditor.ConversionManager.Tests.Waiting;

/// <summary>A small picture in a large file.</summary>
internal static class LargePicture
{
    public static byte[] Create(int bytes) =>
        PngFile.Write(
            8, 8, bits: 8, PngFile.Grey,
            ("tEXt", [.. "padding\0"u8, .. new byte[bytes]]), ("IDAT", PngFile.Compress(new byte[9], 8)));
}
