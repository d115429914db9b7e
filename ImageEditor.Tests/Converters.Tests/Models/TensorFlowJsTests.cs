using ImageEditor.Converters.Tests.Support;
using ImageEditor.Models;

namespace ImageEditor.Converters.Tests.Models;

/// <summary>Converted networks against TensorFlow.js, which computes from the same file.</summary>
public sealed class TensorFlowJsTests
{
    /// <summary>On the scale of 8-bit colours, [0, 255].</summary>
    private const double Tolerance = 2e-4;

    [Theory]
    [InlineData("upscale-x2", "layers", 17, 20, 34, 40)]
    [InlineData("upscale-x4", "layers", 13, 16, 52, 64)]
    [InlineData("denoise-0", "waifu2x", 24, 31, 10, 17)]
    [InlineData("denoise-1", "waifu2x", 24, 31, 10, 17)]
    [InlineData("denoise-2", "waifu2x", 24, 31, 10, 17)]
    [InlineData("denoise-3", "waifu2x", 24, 31, 10, 17)]
    public async Task Converted_Photo_GivesWhatTensorFlowJsGives(
        string name, string kind, int height, int width, int outputHeight, int outputWidth)
    {
        var image = Photo.Part("chelsea.png", left: 130, top: 100, height, width);
        var source = ModelSource.All.Single(model => model.Name == name);
        using var model = Model.Built(name);

        var result = model.Run(image)["output"];
        var expected = await Script.NodeAsync(kind, Path.Combine(Paths.Packages, source.Package, source.File), image);

        Assert.Equal([1, 3, outputHeight, outputWidth], result.Shape);
        var difference = result.ChannelsLast().Values.Zip(expected, (one, other) => 255 * Math.Abs((double)one - other)).Max();
        TestContext.Current.TestOutputHelper!.WriteLine($"{name}: largest difference {difference:e2} on [0, 255]");
        Assert.Equal(expected.Length, result.Values.Length);
        Assert.InRange(difference, 0, Tolerance);
    }
}
