using ImageEditor.ConversionManager.ImageInspection;

namespace ImageEditor.ConversionManager.Tests.ImageInspection;

public class SmallFilesTests
{
    public static TheoryData<string> AllFiles => new(SmallFiles.Names);

    [Theory]
    [MemberData(nameof(AllFiles))]
    public void InspectComplete_SmallFile_SaysItsSizeAndFrames(string name)
    {
        var inspection = ImageInspector.InspectComplete(SmallFiles.Read(name));

        Assert.Null(inspection.Refusal?.Detail);
        Assert.Equal((SmallFiles.Width, SmallFiles.Height), (inspection.Info!.Width, inspection.Info.Height));
        Assert.Equal(SmallFiles.Frames(name), inspection.Info.Frames);
        Assert.Equal(SmallFiles.Width * SmallFiles.Height * SmallFiles.Frames(name), inspection.Info.TotalPixels);
    }

    [Theory]
    [MemberData(nameof(AllFiles))]
    public void InspectComplete_EveryTruncation_IsRefused(string name)
    {
        var bytes = SmallFiles.Read(name);

        for (var length = 0; length < bytes.Length; length++)
        {
            var inspection = ImageInspector.InspectComplete(bytes.AsSpan(0, length));

            Assert.False(inspection.IsAccepted, $"{length} of {bytes.Length} bytes passed as whole");
        }
    }

    [Theory]
    [MemberData(nameof(AllFiles))]
    public void Inspect_EveryTruncation_IsRefusedOrSaysTheSameSize(string name)
    {
        var bytes = SmallFiles.Read(name);

        for (var length = 0; length < bytes.Length; length++)
        {
            var inspection = ImageInspector.Inspect(bytes.AsSpan(0, length));

            Assert.True(
                inspection.IsAccepted
                    ? (inspection.Info.Width, inspection.Info.Height) == (SmallFiles.Width, SmallFiles.Height)
                    : inspection.Refusal.Type.Status is 415 or 422,
                $"{length} of {bytes.Length} bytes");
        }
    }

    [Theory]
    [InlineData("baseline.jpg")]
    [InlineData("rgb.png")]
    [InlineData("lossy.webp")]
    [InlineData("animated.gif")]
    [InlineData("still.avif")]
    public void InspectComplete_BytesAfterTheEnd_AreRefused(string name) =>
        Assert.Equal("not-decodable", ImageInspector.InspectComplete([.. SmallFiles.Read(name), 0]).Refusal?.Type.Name);

    [Theory]
    [InlineData("baseline.jpg")]
    [InlineData("rgb.png")]
    [InlineData("lossy.webp")]
    [InlineData("still.gif")]
    public void Inspect_LastBytesMissing_IsLeftToTheDecoder(string name) =>
        Assert.True(ImageInspector.Inspect(SmallFiles.Read(name).AsSpan()[..^20]).IsAccepted);

    [Fact]
    public void InspectComplete_PngWithAChangedPixel_IsRefused()
    {
        var bytes = SmallFiles.Read("rgb.png");
        bytes[^30] ^= 1;

        Assert.Contains("checksum", ImageInspector.InspectComplete(bytes).Refusal?.Detail, StringComparison.Ordinal);
    }
}
