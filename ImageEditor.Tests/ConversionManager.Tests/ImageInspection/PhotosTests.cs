using ImageEditor.ConversionManager.ImageInspection;
using ImageEditor.ConversionManager.ImageInspection.Containers;
using NetVips;

namespace ImageEditor.ConversionManager.Tests.ImageInspection;

public class PhotosTests
{
    public static TheoryData<string> WholePhotos => new(Photos.Intact);

    [Theory]
    [MemberData(nameof(WholePhotos))]
    public void Inspect_Photo_SaysWhatLibvipsSays(string name)
    {
        var bytes = Photos.Read(name);

        var inspection = ImageInspector.Inspect(bytes);

        using var image = Image.NewFromBuffer(bytes);
        Assert.True(inspection.IsAccepted);
        Assert.Equal((image.Width, image.Height), (inspection.Info.Width, inspection.Info.Height));
        Assert.Equal(1, inspection.Info.Frames);
        Assert.Equal((long)image.Width * image.Height, inspection.Info.TotalPixels);
        Assert.Equal(MediaTypeOf(name), inspection.Info.MediaType);
        Assert.Null(new ImageLimits().Check(inspection.Info));
    }

    [Theory]
    [MemberData(nameof(WholePhotos))]
    public void InspectComplete_Photo_IsAccepted(string name) =>
        Assert.True(ImageInspector.InspectComplete(Photos.Read(name)).IsAccepted);

    [Fact]
    public void Inspect_TruncatedJpeg_IsLeftToTheDecoder() =>
        Assert.Equal(
            new ImageInfo(ImageFormat.Jpeg, 100, 100, 1, 10_000) { MaxChannels = 3, MaxBytesPerChannel = 1, MaxProfileBytes = 0 },
            ImageInspector.Inspect(Photos.Read("truncated.jpg")).Info);

    [Fact]
    public void InspectComplete_TruncatedJpeg_IsNotDecodable()
    {
        var inspection = ImageInspector.InspectComplete(Photos.Read("truncated.jpg"));

        Assert.Equal("not-decodable", inspection.Refusal?.Type.Name);
        Assert.Contains("ends too early", inspection.Refusal?.Detail, StringComparison.Ordinal);
    }

    private static string MediaTypeOf(string name) => Path.GetExtension(name) switch
    {
        ".jpg" => "image/jpeg",
        var extension => "image/" + extension[1..],
    };
}
