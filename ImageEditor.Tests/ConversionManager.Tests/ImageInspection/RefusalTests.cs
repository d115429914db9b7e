using System.Diagnostics;
using System.Text;
using ImageEditor.ConversionManager.ImageInspection;
using ImageEditor.ConversionManager.ImageInspection.Containers;
using ImageEditor.ServiceDefaults.Pictures;

namespace ImageEditor.ConversionManager.Tests.ImageInspection;

public class RefusalTests
{
    public static TheoryData<string, byte[]> NoImages => new()
    {
        { "no body", [] },
        { "PDF", "%PDF-1.7\n%…"u8.ToArray() },
        { "SVG", "<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>"u8.ToArray() },
        { "BMP", [.. "BM"u8, .. new byte[60]] },
        { "HEIC", HandmadeFiles.Box("ftyp", [.. "heic"u8, 0, 0, 0, 0, .. "mif1heic"u8]) },
        { "video", HandmadeFiles.Box("ftyp", [.. "isom"u8, 0, 0, 2, 0, .. "isommp41"u8]) },
        { "animated AVIF", HandmadeFiles.Box("ftyp", [.. "avis"u8, 0, 0, 0, 0, .. "avifmif1miaf"u8]) },
        { "JPEG XL", [0xFF, 0x0A, 1, 2, 3] },
        { "not a picture", Encoding.UTF8.GetBytes("Dear Sir or Madam,") },
        { "not a picture", [0xFF, 0xD8] },
        { "animated PNG", HandmadeFiles.Png(8, 8, "acTL") },
        { "animated PNG", HandmadeFiles.Png(8, 8, "tEXt", "acTL") },
        { "camera raw", FieldFiles.Read("camera-raw-thumbnail-first.dng") },
        { "camera raw", HandmadeFiles.NestedTiff(3) },
        { "camera raw", HandmadeFiles.TiffWith(50706, 0x00000401) },
        { "camera raw", HandmadeFiles.TiffWith(259, 34713) },
        { "camera raw", [.. "II*\0"u8, 16, 0, 0, 0, .. "CR\u0002\0"u8, 0, 0, 0, 0, 0, 0] },
        { "camera raw", [.. "FUJIFILMCCD-RAW "u8, .. new byte[32]] },
        { "camera raw", [.. "IIU\0"u8, .. new byte[32]] },
        { "camera raw", HandmadeFiles.Box("ftyp", [.. "crx "u8, 0, 0, 0, 1, .. "crx isom"u8]) },
    };

    public static TheoryData<string, string, byte[]> OfAnotherKind => new()
    {
        { "other than 8 bits per sample", "JPEG of 8 bits", FieldFiles.Read("precision-12.jpg") },
        { "colour profile of more than 8 MB", "sRGB", HandmadeFiles.PngWithProfile(60_000_000) },
        { "more parts to decode", "plain picture", Avif([(64, 64), (10_000, 10_000)], ("auxl", 2, [1])) },
        { "more parts to decode", "plain picture", Avif([(64, 64), (5_000, 5_000)], ("dimg", 1, [2, 2, 2, 2, 2, 2, 2])) },
        { "more parts to decode", "plain picture", Avif([(64, 64)], ("dimg", 1, [1])) },
        { "compressed in a way", "LZW or Deflate", FieldFiles.Read("zstd.tif") },
        { "12 bits per sample", "8 and 16", FieldFiles.Read("grey-12bit.tif") },
        { "rare kind of JPEG", "usual JPEG", OfProcess(0xC5) },
        { "more parts to decode", "plain picture", Avif([(64, 64), (9, 9)], ("dimg", 1, [2]), ("dimg", 2, [1])) },
        { "colour profile of more than 8 MB", "sRGB", HandmadeFiles.Webp(HandmadeFiles.WebpChunk("ICCP", new byte[9_000_000])) },
    };

    public static TheoryData<string, byte[]> Broken => new()
    {
        { "width or height of 0", HandmadeFiles.Png(0, 8) },
        { "a size that no picture has", HandmadeFiles.Png(uint.MaxValue, 8) },
        { "before its pixel data", HandmadeFiles.Png(8, 8)[..40] },
        { "wrong checksum", [.. HandmadeFiles.Png(8, 8)[..32], 9, .. HandmadeFiles.Png(8, 8)[33..]] },
        { "width or height of 0", HandmadeFiles.Jpeg((8, 0)) },
        { "gives its size twice", HandmadeFiles.Jpeg((8, 8), (60_000, 60_000)) },
        { "before its size is given", HandmadeFiles.Jpeg() },
        { "before its size is given", [0xFF, 0xD8, 0xFF, 0xE0, 0xFF, 0xFF, 1, 2] },
        { "wrong length", [0xFF, 0xD8, 0xFF, 0xC0, 0, 4, 8, 0] },
        { "does not fill its place", HandmadeFiles.Webp(HandmadeFiles.WebpHeader(8, 8), FrameInAFrame()) },
        { "holds no picture", HandmadeFiles.Gif(8, 8, 0) },
        { "ends inside its header", "GIF89a"u8.ToArray() },
        { "run in a circle", HandmadeFiles.Tiff(bigEndian: false, loop: true, (8, 8)) },
        { "run in a circle", HandmadeFiles.Tiff(bigEndian: true, loop: true, (8, 8), (9, 9)) },
        { "without a width", HandmadeFiles.Tiff(bigEndian: true, loop: false, (8, 0)) },
        { "outside of it", HandmadeFiles.Tiff(bigEndian: true, loop: false, (8, 8))[..^1] },
        { "holds no picture", [.. "II*\0"u8, 0, 0, 0, 0] },
        { "ends inside its header", "MM\0+\0\b\0\0"u8.ToArray() },
        { "holds no picture", HandmadeFiles.Webp() },
        { "holds no picture", HandmadeFiles.Webp(HandmadeFiles.WebpHeader(8, 8)) },
        { "broken frame header", HandmadeFiles.Webp(HandmadeFiles.WebpChunk("VP8L", 1, 2, 3, 4, 5)) },
        { "broken frame header", HandmadeFiles.Webp(HandmadeFiles.WebpChunk("VP8 ", 0, 0, 0, 0x9D, 1, 0x2A, 0, 0, 8, 0)) },
        { "holds no picture", HandmadeFiles.Avif() },
        { "broken list of pictures", HandmadeFiles.Avif(HandmadeFiles.Box("meta", 0, 0, 0, 0)) },
        { "broken list of pictures", HandmadeFiles.Avif(HandmadeFiles.AvifMeta((8, 8)), HandmadeFiles.AvifMeta((8, 8))) },
        { "broken list of pictures", HandmadeFiles.Avif(HandmadeFiles.AvifMeta((8, 8)))[..^1] },
        { "width or height of 0", HandmadeFiles.Avif(HandmadeFiles.AvifMeta((8, 0))) },
    };

    [Theory]
    [MemberData(nameof(NoImages))]
    public void Inspect_NotAnImage_Is415AndSaysWhatItIs(string what, byte[] bytes)
    {
        var refusal = ImageInspector.Inspect(bytes).Refusal;

        Assert.Equal(("not-an-image", 415), (refusal?.Type.Name, refusal?.Type.Status));
        Assert.Contains(what, refusal?.Detail, StringComparison.Ordinal);
        Assert.EndsWith("Send a JPEG, PNG, WebP, GIF, AVIF or TIFF picture instead.", refusal?.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void Inspect_BrokenContainer_Is422AndSaysWhatIsWrong(string flaw, byte[] bytes)
    {
        var refusal = ImageInspector.Inspect(bytes).Refusal;

        Assert.Equal(("not-decodable", 422), (refusal?.Type.Name, refusal?.Type.Status));
        Assert.Contains(flaw, refusal?.Detail, StringComparison.Ordinal);
        Assert.EndsWith("Export the picture again and send the new file.", refusal?.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(OfAnotherKind))]
    public void Inspect_WholeFileOfAKindThatIsNotRead_Is422AndSaysWhatToDo(string kind, string advice, byte[] bytes)
    {
        var refusal = ImageInspector.Inspect(bytes).Refusal;

        Assert.Equal(("not-decodable", 422), (refusal?.Type.Name, refusal?.Type.Status));
        Assert.Contains(kind, refusal?.Detail, StringComparison.Ordinal);
        Assert.Contains(advice, refusal?.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_LargeAvifOfTilesWithAlphaOfTiles_IsTaken()
    {
        byte[] tiles = [.. Enumerable.Repeat((byte)2, 49)];
        var file = Avif([(7_000, 7_000), (1_024, 1_024), (7_000, 7_000)], ("dimg", 1, tiles), ("auxl", 3, [1]), ("dimg", 3, tiles));

        Assert.Equal(7_000, ImageInspector.Inspect(file).Info?.Width);
    }

    [Fact]
    public void Inspect_UsualProfile_IsTaken() => Assert.True(ImageInspector.Inspect(HandmadeFiles.PngWithProfile(7_000_000)).IsAccepted);

    [Fact]
    public void Inspect_TiffThatIsNested_EndsSoon()
    {
        var nested = HandmadeFiles.NestedTiff(100_000);
        var start = Stopwatch.GetTimestamp();

        Assert.Equal("not-an-image", ImageInspector.Inspect(nested).Refusal?.Type.Name);
        Assert.Equal(8, ImageInspector.Inspect(HandmadeFiles.TiffWith(330, 8)).Info?.Width);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 2);
    }

    /// <summary>Each byte of the file names a place where a directory might be.</summary>
    [Fact]
    public void Inspect_TiffOfMillionsOfSubdirectories_TakesLittleMemory()
    {
        var file = HandmadeFiles.TiffOfSubdirectories(19_000_000);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(8, ImageInspector.Inspect(file).Info?.Width);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000_000);
    }

    [Fact]
    public void Inspect_TiffThumbnails_AreLeftOutUnlessThereIsNothingElse()
    {
        Assert.Equal((8, 1), Shape(HandmadeFiles.TiffWith(254, 1)));
        var pages = FieldFiles.Read("pages-two-sizes.tif");
        Assert.Equal(2, ImageInspector.Inspect(pages).Info?.Frames);

        static (int?, int?) Shape(byte[] file) => (ImageInspector.Inspect(file).Info?.Width, ImageInspector.Inspect(file).Info?.Frames);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("webp", true)]
    [InlineData("jpeg", false)]
    [InlineData("png", false)]
    [InlineData("avif", false)]
    public void CheckFrames_PagesOfDifferentSizes_AreRefusedWhereAllAreConverted(string? format, bool isRefused)
    {
        var refusal = ImageInspector.Inspect(FieldFiles.Read("pages-two-sizes.tif")).Info?.CheckFrames(format);

        Assert.Equal(isRefused ? "The TIFF file " + UnreadKinds.OfSizes : null, refusal?.Detail);
        Assert.Null(ImageInspector.Inspect(SmallFiles.Read("pages.tif")).Info?.CheckFrames(format));
    }

    [Fact]
    public void Inspect_JpegWithAThumbnailInItsExif_SaysTheSizeOfThePicture()
    {
        var thumbnail = HandmadeFiles.Jpeg((160, 120));
        byte[] exif = [0xFF, 0xE1, 0, (byte)(2 + thumbnail.Length), .. thumbnail];

        var info = ImageInspector.Inspect([0xFF, 0xD8, .. exif, .. HandmadeFiles.Jpeg((640, 480))[2..]]).Info;

        Assert.Equal((640, 480), (info?.Width, info?.Height));
    }

    [Fact]
    public void Inspect_SecondPictureAfterTheFirst_IsNotCounted() =>
        Assert.Equal(1, ImageInspector.Inspect([.. SmallFiles.Read("baseline.jpg"), .. SmallFiles.Read("baseline.jpg")]).Info?.Frames);

    [Fact]
    public void Inspect_AvifWithLongBoxLengths_IsRead()
    {
        var meta = HandmadeFiles.AvifMeta((640, 480));
        var length = meta.Length + 8;
        byte[] longMeta = [0, 0, 0, 1, .. "meta"u8, 0, 0, 0, 0, 0, 0, (byte)(length >> 8), (byte)length, .. meta[8..]];

        Assert.Equal(640, ImageInspector.Inspect(HandmadeFiles.Avif(longMeta)).Info?.Width);
    }

    [Fact]
    public void Inspect_TiffPagesOfDifferentSizes_SumsThem()
    {
        var info = ImageInspector.Inspect(HandmadeFiles.Tiff(bigEndian: true, loop: false, (10, 20), (30, 4))).Info;

        Assert.Equal(new ImageInfo(ImageFormat.Tiff, 30, 20, 2, 320) { DifferenceOfFrames = UnreadKinds.OfSizes }, info);
    }

    /// <summary>A usual JPEG that says to be of another process.</summary>
    private static byte[] OfProcess(byte marker)
    {
        var file = FieldFiles.Read("plain.jpg");
        file[file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]) + 1] = marker;
        return file;
    }

    private static byte[] Avif((uint Width, uint Height)[] items, params (string Type, byte From, byte[] To)[] references) =>
        HandmadeFiles.Avif(HandmadeFiles.AvifMeta(items, references));

    private static byte[] FrameInAFrame() => HandmadeFiles.WebpChunk("ANMF", [.. new byte[16], .. HandmadeFiles.WebpFrame(8, 8)]);
}
