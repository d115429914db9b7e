using ImageEditor.Converters.BlurFaces;
using ImageEditor.Converters.QualityTests.Support;

namespace ImageEditor.Converters.QualityTests;

public sealed class BlurFacesTests
{
    [Theory]
    [InlineData("astronaut.png", 180, 70, 75, 90)]
    [InlineData("grace_hopper.jpg", 180, 140, 170, 170)]
    public async Task BlurFaces_Portrait_LosesTheFaceAndNothingElse(string name, int left, int top, int width, int height)
    {
        using var photo = Photo.Open(name);
        await using var converter = await InProcessConverter.StartAsync((conversion, models) => FaceBlur.Apply(conversion, models, 0));

        var (result, info) = await converter.ConvertAsync(photo);

        Assert.Equal(1, (int)info["faces"]!);
        using var before = photo.Crop(left, top, width, height);
        using var after = result.Crop(left, top, width, height);
        Assert.InRange(Measure.Detail(after), 0, 0.1 * Measure.Detail(before));

        // The lowest quarter is clothes.
        var quarter = photo.Height / 4;
        using var clothes = photo.Crop(0, photo.Height - quarter, photo.Width, quarter);
        using var clothesAfter = result.Crop(0, photo.Height - quarter, photo.Width, quarter);
        Assert.Equal(0, Measure.Largest(clothes, clothesAfter));
    }

    [Fact]
    public async Task BlurFaces_SmallFacesInALargePicture_AreAllFound()
    {
        using var meadow = Photo.Open("seeding_by_Clements_Engelhardt.jpg");
        using var canvas = meadow.Crop(0, 0, 3000, 2000);
        using var one = Photo.Open("astronaut.png").Resize(0.5);
        using var other = Photo.Open("grace_hopper.jpg").Resize(0.3);
        using var first = canvas.Insert(one, 1500, 900);
        using var second = first.Insert(other, 200, 1600);
        using var group = second.Insert(other, 2700, 40);
        await using var converter = await InProcessConverter.StartAsync((conversion, models) => FaceBlur.Apply(conversion, models, 50));

        var (_, info) = await converter.ConvertAsync(group);

        Assert.Equal(3, (int)info["faces"]!);
    }

    [Theory]
    [InlineData("rocket.jpg")]
    [InlineData("coffee.png")]
    [InlineData("chelsea.png")]
    [InlineData("flower.png.im_q85_420_progr.jpg")]
    public async Task BlurFaces_NobodyThere_ChangesNothing(string name)
    {
        using var photo = Photo.Open(name);
        await using var converter = await InProcessConverter.StartAsync((conversion, models) => FaceBlur.Apply(conversion, models, 100));

        var (result, info) = await converter.ConvertAsync(photo);

        Assert.Equal(0, (int)info["faces"]!);
        Assert.Equal(0, Measure.Largest(result, photo));
    }
}
