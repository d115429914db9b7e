using SixLabors.ImageSharp;

namespace ImageEditor.Converters.ContractTests.Pictures;

/// <summary>The oracle itself.</summary>
public sealed class SecondDecoderTests
{
    [Theory]
    [InlineData("png")]
    [InlineData("tif")]
    [InlineData("webp")]
    [InlineData("gif")]
    public void MustBeEqual_OneValueIsOneStepOff_Fails(string format)
    {
        var picture = Pixels.Of(GeneratedImages.Small(format));
        var other = picture with { Values = [.. picture.Values] };
        SecondDecoder.MustBeEqual(picture, other);

        other.Values[1000] ^= 1;

        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => SecondDecoder.MustBeEqual(picture, other));
    }

    [Theory]
    [InlineData(true, 1, 8)]
    [InlineData(true, 4, 2)]
    [InlineData(false, 4, 2)]
    public void MustBeNear_SomeOrAllValuesAreOff_Fails(bool hasFullChroma, int share, int difference)
    {
        var picture = Pixels.Of(GeneratedImages.Small("jpg"));
        SecondDecoder.MustBeNear(picture, picture, hasFullChroma);
        var changed = picture.Values.Select((value, i) => (ushort)(i % Pixels.Channels < share ? value ^ difference : value));
        var other = picture with { Values = [.. changed] };

        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => SecondDecoder.MustBeNear(picture, other, hasFullChroma));
    }

    public static TheoryData<string> SharedPhotos => [.. Photos.Intact];

    [Theory]
    [MemberData(nameof(SharedPhotos))]
    public void Agreed_SharedPhoto_IsThePictureInItsHeader(string photo)
    {
        var picture = Pixels.Of(Photos.Read(photo));

        Assert.Equal(Shape.Of(Photos.Read(photo)), new Shape(picture.Width, picture.Height, picture.Maximum));
    }

    /// <remarks>What the second decoder learns to read has to leave the list.</remarks>
    [Theory]
    [InlineData("avif")]
    [InlineData("animation.webp")]
    [InlineData("grey-alpha.tif")]
    public void ReasonToLeaveOut_OfAFileOfTheList_IsStillTrue(string kind)
    {
        var file = kind switch
        {
            "avif" => GeneratedImages.Small("avif"),
            "animation.webp" => GeneratedImages.Animation("webp", hasAlpha: false),
            _ => GeneratedImages.File(GeneratedImages.Gradient(20, 10, bands: 2), "tif"),
        };

        Assert.NotNull(SecondDecoder.ReasonToLeaveOut(file, FirstOf(file)));
        var exception = Record.Exception(() => Image.Load(file));
        Assert.True(exception is NotSupportedException or UnknownImageFormatException, $"{exception}");
    }

    [Fact]
    public void ReasonToLeaveOut_OfACmykJpeg_IsGiven()
    {
        var file = Photos.Read("gen_coffee_cmyk.jpg");

        Assert.NotNull(SecondDecoder.ReasonToLeaveOut(file, FirstOf(file)));
    }

    /// <remarks>Else the list could grow until nothing is compared any more.</remarks>
    [Fact]
    public void ReasonToLeaveOut_OfAllElse_IsNone()
    {
        var files = GeneratedImages.Formats.Except(["avif"]).Select(GeneratedImages.Small)
            .Concat(Photos.Intact.Except(["gen_coffee_cmyk.jpg"]).Select(Photos.Read))
            .Concat(from bands in (int[])[1, 3, 4] select GeneratedImages.File(GeneratedImages.DeepGradient(20, 10, bands), "tif"))
            .Append(GeneratedImages.Animation("gif", hasAlpha: true))
            .Append(GeneratedImages.Animation("tif", hasAlpha: false));

        Assert.All(files, file => Assert.Null(SecondDecoder.ReasonToLeaveOut(file, FirstOf(file))));
    }

    private static Pixels FirstOf(byte[] file)
    {
        using var image = Pixels.Open(file);
        return Pixels.Of(image);
    }
}
