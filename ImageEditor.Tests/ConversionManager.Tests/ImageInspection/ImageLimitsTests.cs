using System.Diagnostics;
using ImageEditor.ConversionManager.ImageInspection;
using ImageEditor.ConversionManager.ImageInspection.Containers;

namespace ImageEditor.ConversionManager.Tests.ImageInspection;

public class ImageLimitsTests
{
    public static TheoryData<string, byte[]> Bombs => new()
    {
        { "too-many-pixels", HandmadeFiles.Png(10_000, 6_000) },
        { "side-too-long", HandmadeFiles.Png(1, 8_000_000) },
        { "side-too-long", HandmadeFiles.Png(int.MaxValue, int.MaxValue) },
        { "side-too-long", HandmadeFiles.Jpeg((65_500, 1)) },
        { "too-many-pixels", HandmadeFiles.Jpeg((16_000, 16_000)) },
        { "too-many-frames", HandmadeFiles.Gif(1, 1, 10_000) },
        { "too-many-pixels", HandmadeFiles.Gif(1_000, 1_000, 51) },
        { "side-too-long", HandmadeFiles.Gif(1, 1, 1, left: 20_000) },
        { "too-many-pixels", HandmadeFiles.Tiff(bigEndian: false, loop: false, (5_000, 5_000), (5_000, 5_001)) },
        { "side-too-long", HandmadeFiles.Tiff(bigEndian: true, loop: false, (1, 1), (1, 20_000)) },
        { "too-many-frames", HandmadeFiles.Tiff(bigEndian: true, loop: false, [.. Enumerable.Repeat((1u, 1u), 301)]) },
        { "side-too-long", HandmadeFiles.Webp(HandmadeFiles.WebpHeader(16_777_216, 200), HandmadeFiles.WebpFrame(1, 1)) },
        { "too-many-pixels", HandmadeFiles.Webp(HandmadeFiles.WebpHeader(1, 1), HandmadeFiles.WebpFrame(8_000, 8_000)) },
        { "too-many-pixels", HandmadeFiles.Webp(HandmadeFiles.WebpHeader(1, 1), HandmadeFiles.WebpLossless(8_000, 8_000)) },
        {
            "too-many-frames",
            HandmadeFiles.Webp([HandmadeFiles.WebpHeader(1, 1), .. Enumerable.Repeat(HandmadeFiles.WebpFrame(1, 1), 301)])
        },
        { "too-many-pixels", HandmadeFiles.Avif(HandmadeFiles.AvifMeta((10_000, 10_000))) },
        { "too-many-pixels", HandmadeFiles.Avif(HandmadeFiles.AvifMeta((1, 1), (10_000, 10_000))) },
        { "too-many-frames", HandmadeFiles.Avif(HandmadeFiles.AvifSequence(16, 12, uint.MaxValue)) },
        { "too-many-pixels", HandmadeFiles.Avif(HandmadeFiles.AvifMeta((16, 12)), HandmadeFiles.AvifSequence(10_000, 10_000, 1)) },
        { "too-many-pixels", FieldFiles.Read("scans-4000-7000px.jpg.gz") },
        { "too-many-pixels", HandmadeFiles.JpegOfScans(7_000, 7_000, 21) },
        { "too-many-pixels", HandmadeFiles.JpegOfScans(64, 64, 1_000) },
        { "too-many-pixels", HandmadeFiles.JpegOfScans(8, 8, 400_000) },
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public void Check_Bomb_IsRefusedWithAdvice(string type, byte[] bomb)
    {
        var inspection = ImageInspector.Inspect(bomb);
        Assert.True(inspection.IsAccepted, inspection.Refusal?.Detail);

        var refusal = new ImageLimits().Check(inspection.Info);

        Assert.Equal((type, 422), (refusal?.Type.Name, refusal?.Type.Status));
        Assert.Matches(@"at most [\d,]+.*\. (Send|Crop|Scale)", refusal?.Detail);
    }

    [Fact]
    public void Check_AtTheLimits_IsAccepted()
    {
        var limits = new ImageLimits();

        Assert.Null(limits.Check(new ImageInfo(ImageFormat.Gif, 16_383, 16_383, 300, 50_000_000)));
        Assert.Equal("side-too-long", limits.Check(new ImageInfo(ImageFormat.Png, 16_384, 1, 1, 16_384))?.Type.Name);
        Assert.Equal("side-too-long", limits.Check(new ImageInfo(ImageFormat.Png, 1, 16_384, 1, 16_384))?.Type.Name);
        Assert.Equal("too-many-frames", limits.Check(new ImageInfo(ImageFormat.Gif, 1, 1, 301, 301))?.Type.Name);
        Assert.Equal("too-many-pixels", limits.Check(new ImageInfo(ImageFormat.Png, 10_000, 5_001, 1, 50_000_001))?.Type.Name);
    }

    [Fact]
    public void Check_TooManyPixels_GivesTheFigures() =>
        Assert.Equal(
            "The picture has 60,000,000 pixels (10,000 × 6,000); at most 50,000,000 are taken, all frames together. Scale it down.",
            new ImageLimits().Check(ImageInspector.Inspect(HandmadeFiles.Png(10_000, 6_000)).Info!)?.Detail);

    [Fact]
    public void Check_ScansOfRealFiles_AreTaken()
    {
        // Ten for colour, as libjpeg makes them; mozjpeg makes a few more.
        var info = ImageInspector.Inspect(SmallFiles.Read("progressive.jpg")).Info!;
        Assert.InRange(info.Scans, 6, 20);
        Assert.Null(new ImageLimits().Check(info with { Width = 7_000, Height = 7_000, TotalPixels = 49_000_000, Scans = 20 }));
        Assert.Equal(1, ImageInspector.Inspect(SmallFiles.Read("restart.jpg")).Info?.Scans);
        Assert.Equal(4, ImageInspector.Inspect(HandmadeFiles.JpegOfScans(8, 8, 4)).Info?.Scans);
    }

    [Fact]
    public void Inspect_FiveMegabytesOfFrames_AllocatesNextToNothing()
    {
        var bomb = HandmadeFiles.Gif(16_000, 16_000, 300_000);
        ImageInspector.Inspect(bomb);

        // The fastest of a few: a busy machine makes any one of them slow.
        var fastest = TimeSpan.MaxValue;
        for (var attempt = 0; attempt < 5; attempt++)
        {
            var (before, start) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());

            var info = ImageInspector.Inspect(bomb).Info;

            Assert.Equal(300_000, info?.Frames);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000);
            var elapsed = Stopwatch.GetElapsedTime(start);
            fastest = elapsed < fastest ? elapsed : fastest;
        }

        Assert.InRange(fastest.TotalMilliseconds, 0, 1_000);
    }
}
