using ImageEditor.Converters.ContractTests.Driver;
using ImageEditor.Converters.ContractTests.Pictures;

namespace ImageEditor.Converters.ContractTests.Suite;

/// <summary>EXIF orientation is applied, and taken off.</summary>
public sealed class OrientationTests(RunningConverters converters)
{
    /// <summary>Pixels that are enough to distinguish all eight positions.</summary>
    private const int Enough = 60_000;

    [Theory]
    [MemberData(nameof(ConverterUnderTest.PublicNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_OnePictureInEveryOrientation_GivesTheSameUprightPicture(string name)
    {
        var client = await converters.ClientAsync(name);
        var pixels = Math.Min(Enough, ConverterUnderTest.Named(name).MaxPixels);
        (string, double)[] formats = [("jpg", ConverterUnderTest.Named(name).RoundingTolerance), ("png", 0), ("webp", 0), ("tif", 0)];
        foreach (var (format, tolerance) in formats)
        {
            var upright = Pixels.Of(await client.ConvertedAsync(GeneratedImages.Oriented(1, format, pixels)));
            for (var orientation = 2; orientation <= 8; orientation++)
            {
                var result = await client.ConvertedAsync(GeneratedImages.Oriented(orientation, format, pixels));

                Assert.Equal(1, OrientationOf(result));
                Assert.InRange(Pixels.Of(result).MeanDifference(upright), 0, tolerance);
            }
        }
    }

    /// <remarks>
    /// The shared files hold the same stored pixels with another tag each, so that they show the rocket in five positions.
    /// </remarks>
    [Theory]
    [MemberData(nameof(ConverterUnderTest.PublicNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_SharedExifPhotos_AreTurnedAsTheirTagsSay(string name)
    {
        var client = await converters.ClientAsync(name);
        foreach (var orientation in (int[])[1, 3, 5, 6, 8])
        {
            var photo = ConverterUnderTest.Named(name).Shrink($"gen_rocket_exif{orientation}.jpg");
            var expected = Pixels.Of(await client.ConvertedAsync(Upright(photo, orientation)));

            var result = await client.ConvertedAsync(photo);

            Assert.Equal(1, OrientationOf(result));
            Assert.InRange(Pixels.Of(result).MeanDifference(expected), 0, 0.03);
        }
    }

    /// <summary>A PNG of the stored pixels, turned pixel by pixel as section 4.6.5.1 of EXIF 2.32 defines the tag.</summary>
    private static byte[] Upright(byte[] photo, int orientation)
    {
        using var image = Pixels.Open(photo);
        using var untagged = image.Mutate(mutable => mutable.Remove("orientation"));
        var stored = Pixels.Of(untagged);
        var (width, height) = orientation >= 5 ? (stored.Height, stored.Width) : (stored.Width, stored.Height);
        var turned = new byte[width * height * 3];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (fromX, fromY) = orientation switch
                {
                    1 => (x, y),
                    3 => (width - 1 - x, height - 1 - y),
                    5 => (y, x),
                    6 => (y, width - 1 - x),
                    _ => (height - 1 - y, x),
                };
                for (var channel = 0; channel < 3; channel++)
                {
                    turned[(y * width + x) * 3 + channel] = (byte)stored.At(fromX, fromY, channel);
                }
            }
        }

        using var memory = NetVips.Image.NewFromMemory(turned, width, height, 3, NetVips.Enums.BandFormat.Uchar);
        using var colours = memory.Copy(interpretation: NetVips.Enums.Interpretation.Srgb);
        using var profiled = colours.Mutate(
            mutable => mutable.Set(NetVips.GValue.BlobType, "icc-profile-data", GeneratedImages.ProfileOf(photo)!));
        return GeneratedImages.File(profiled, "png");
    }

    private static int OrientationOf(byte[] file)
    {
        using var image = Pixels.Open(file);
        return image.Contains("orientation") ? (int)image.Get("orientation") : 1;
    }
}
