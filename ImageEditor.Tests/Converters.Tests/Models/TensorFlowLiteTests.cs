using System.Globalization;
using ImageEditor.Converters.Tests.Support;
using ImageEditor.Models;
using ImageEditor.Models.TfLite;

namespace ImageEditor.Converters.Tests.Models;

/// <summary>The converted segmentation against TensorFlow Lite, which computes from the same file.</summary>
public sealed class TensorFlowLiteTests
{
    private const int Side = 256;

    /// <summary>Of masks from 0 to 1.</summary>
    private const double Tolerance = 1e-3;

    /// <summary>
    /// The operator that TensorFlow Lite does not have, MediaPipe's transposed convolution, is the last but one: here it is computed from
    /// its definition. Its kernel is 2×2 with a stride of 2, so that each pixel of the mask comes from one place.
    /// </summary>
    [Theory]
    [InlineData("astronaut.png")]
    [InlineData("grace_hopper.jpg")]
    [InlineData("chelsea.png")]
    public async Task ConvertedSegmentation_Photo_GivesWhatTensorFlowLiteGives(string photo)
    {
        var source = ModelSource.All.Single(model => model.Name == "selfie-segmentation");
        var file = Path.Combine(Paths.Packages, source.Package, source.File);
        var network = TfLiteModel.Read(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
        var last = network.Operators.Count - 2;
        Assert.Equal("Convolution2DTransposeBias", network.Operators[last].CustomCode);
        var before = network.Operators[last].Inputs[0];
        var image = Photo.Whole(photo, Side, Side);
        using var model = Model.Built("selfie-segmentation");

        var mask = model.Run(image)["output"].Values;
        var features = await Script.WithFilesAsync(image.ChannelsLast().Values, (input, output) => Script.RunAsync(
            "node",
            Path.Combine(Paths.References, "tflite.cjs"),
            file,
            last.ToString(CultureInfo.InvariantCulture),
            before.ToString(CultureInfo.InvariantCulture),
            input,
            output));

        var expected = Mask(features, Constant(network, "segment/Kernel"), Constant(network, "segment/Bias")[0]);
        var difference = mask.Zip(expected, (one, other) => Math.Abs((double)one - other)).Max();
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{photo}: {mask.Average():0.000} of it a person, largest difference {difference:e2}");
        Assert.Equal(Side * Side, mask.Length);
        Assert.InRange(difference, 0, Tolerance);
    }

    private static double[] Mask(float[] features, float[] kernel, float bias)
    {
        const int channels = 16;
        return [.. Enumerable.Range(0, Side * Side).Select(place =>
        {
            var (y, x) = Math.DivRem(place, Side);
            var (from, weight) = ((y / 2 * (Side / 2) + x / 2) * channels, (y % 2 * 2 + x % 2) * channels);
            var sum = Enumerable.Range(0, channels).Sum(channel => (double)features[from + channel] * kernel[weight + channel]);
            return 1 / (1 + Math.Exp(-bias - sum));
        })];
    }

    private static float[] Constant(TfLiteModel network, string name) =>
        network.Floats(network.Tensors.Single(tensor => tensor.Name == name))!;
}
