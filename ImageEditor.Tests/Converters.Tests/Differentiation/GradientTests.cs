using ImageEditor.Converters.DeepDream;
using ImageEditor.Converters.Differentiation;
using ImageEditor.Converters.OnnxFormat;
using ImageEditor.Converters.Tests.Support;

namespace ImageEditor.Converters.Tests.Differentiation;

/// <summary>Derived gradients against PyTorch's autograd on the same weights and against central differences.</summary>
public sealed class GradientTests
{
    private const int Directions = 200;

    /// <summary>The layers that DeepDream offers.</summary>
    private static readonly string[] Layers = [.. DreamLayer.All.Select(layer => layer.Value)];

    private static readonly ModelProto Backbone = ModelProto.Parser.ParseFrom(
        File.ReadAllBytes(Path.Combine(Paths.Models, "mobilenet-v2.onnx")));

    /// <summary>Sizes even and odd, multiples of the backbone's stride of 32 and not, and a single pixel.</summary>
    [Theory]
    [InlineData(32, 64)]
    [InlineData(35, 49)]
    [InlineData(50, 38)]
    [InlineData(1, 1)]
    public async Task Of_ActivationOfEachLayer_IsWhatPyTorchAndDifferencesSay(int height, int width)
    {
        var image = Photo.Whole("chelsea.png", height, width).Scaled(2, -1);
        var directions = RandomDirections(image);

        var expected = await PyTorch.DifferentiateAsync(
            Gradient.Cut(Backbone, [.. Layers.Select(layer => (layer, Array.Empty<Dimension>()))]),
            image,
            [.. Layers.Select(layer => new[] { new Term("activation", layer) })],
            directions);

        foreach (var (layer, reference) in Layers.Zip(expected))
        {
            foreach (var fused in (bool[])[false, true])
            {
                using var model = Model.Of(Gradient.Of(Losses.Activation(Backbone, layer), Losses.Name, "image", fused));
                MustAgree(fused ? layer + ", fused" : layer, model.Run(image), reference, image, directions);
            }
        }
    }

    [Theory]
    [InlineData(32, 64)]
    [InlineData(35, 49)]
    public async Task Of_StyleAndContent_IsWhatPyTorchAndDifferencesSay(int height, int width)
    {
        (string Layer, int Channels)[] style = [("Conv", 32), ("expanded_conv_2/add", 24), ("expanded_conv_9/add", 64)];
        (string Layer, int Channels)[] content = [("expanded_conv_5/add", 32)];
        var image = Photo.Whole("chelsea.png", height, width).Scaled(2, -1);
        var other = Photo.Whole("coffee.png", height, width).Scaled(2, -1);
        using var targets = Model.Of(Losses.StyleTargets(Backbone, style, content));
        var target = targets.Run(other);
        Term[] terms =
        [
            .. style.Select(layer => new Term("style", layer.Layer, 0.7f) { Target = target["style/" + layer.Layer].Values }),
            .. content.Select(layer => new Term("content", layer.Layer, 0.2f) { Target = target["content/" + layer.Layer].Values }),
        ];
        var directions = RandomDirections(image);

        var expected = await PyTorch.DifferentiateAsync(
            Gradient.Cut(Backbone, [.. style.Concat(content).Select(layer => (layer.Layer, Array.Empty<Dimension>()))]),
            image,
            [terms],
            directions);

        foreach (var fused in (bool[])[false, true])
        {
            using var model = Model.Of(Gradient.Of(Losses.Style(Backbone, style, content), Losses.Name, "image", fused));
            var inputs = terms.SelectMany(term => new[] { target[$"{term.Kind}/{term.Layer}"], new Tensor([term.Weight], []) });
            MustAgree(fused ? "style, fused" : "style", model.Run([image, .. inputs]), expected[0], image, directions);
        }
    }

    [Fact]
    public void Of_LossThatDoesNotDependOnTheInput_IsRefused()
    {
        var graph = new GraphBuilder("constant");
        graph.Input("image", 1, 3, 4, 4);
        graph.Node("Mul", "loss", [graph.Scalar(1), graph.Scalar(2)]);

        var refused = Assert.Throws<ArgumentException>(() => Gradient.Of(graph.Build(), "loss", "image"));

        Assert.Contains("does not depend", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_OperatorWithoutRule_IsNamed()
    {
        var graph = new GraphBuilder("pooled");
        graph.Input("image", 1, 3, 4, 4);
        var pooled = graph.Node("MaxPool", "pooled", ["image"], ("kernel_shape", new long[] { 2, 2 }));
        graph.Node("ReduceSum", "loss", [pooled], ("keepdims", 0L));

        var refused = Assert.Throws<NotSupportedException>(() => Gradient.Of(graph.Build(), "loss", "image"));

        Assert.Contains("MaxPool", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_DilatedConvolution_IsRefused(bool fused)
    {
        var graph = new GraphBuilder("dilated");
        graph.Input("image", 1, 2, 8, 8);
        var (low, high) = (graph.Scalar(0), graph.Scalar(6));
        var convolved = graph.Node(
            "Conv",
            "convolved",
            [graph.Node("Clip", "first", ["image", low, high]), graph.Constant("weights", new float[18], 2, 1, 3, 3)],
            ("group", 2L),
            ("auto_pad", "SAME_UPPER"),
            ("dilations", new long[] { 2, 2 }));
        graph.Node("ReduceSum", "loss", [graph.Node("Clip", "last", [convolved, low, high])], ("keepdims", 0L));

        var refused = Assert.Throws<NotSupportedException>(() => Gradient.Of(graph.Build(), "loss", "image", fused));

        Assert.Contains("convolved", refused.Message, StringComparison.Ordinal);
    }

    private static float[][] RandomDirections(Tensor image) =>
        [.. Enumerable.Range(0, Directions).Select(seed => Tensor.Noise((int)image.Shape[2], (int)image.Shape[3], seed, -1, 1).Values)];

    private static void MustAgree(
        string name, IReadOnlyDictionary<string, Tensor> result, ReferenceGradient reference, Tensor image, float[][] directions)
    {
        Assert.Equal(image.Shape, result[Gradient.Output].Shape);
        double[] ours = [.. result[Gradient.Output].Values];
        var expected = reference.Gradient;
        var cosine = Dot(ours, expected) / Math.Sqrt(Dot(ours, ours) * Dot(expected, expected));
        var error = Math.Sqrt(ours.Zip(expected, (one, other) => (one - other) * (one - other)).Sum() / Dot(expected, expected));

        // Of a direction that is nearly at right angles to the gradient hardly anything is left but rounding: a tenth of the usual
        // derivative counts at least.
        var least = 0.1 * Math.Sqrt(Dot(reference.Derivatives, reference.Derivatives) / Directions);
        var worst = directions
            .Zip(
                reference.Derivatives,
                (direction, derivative) => Math.Abs(Dot(ours, [.. direction]) - derivative) / Math.Max(Math.Abs(derivative), least))
            .Max();
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{name}: 1 - cosine {1 - cosine:e1}, relative error {error:e1}, worst of {Directions} directions {worst:e1}");

        Assert.Equal(reference.Loss, result[Losses.Name].Values[0], 1e-5 * Math.Abs(reference.Loss));
        Assert.InRange(cosine, 0.9999, 1 + 1e-9);
        Assert.InRange(error, 0, 0.001);
        Assert.InRange(worst, 0, 0.01);
    }

    private static double Dot(double[] one, double[] other) => one.Zip(other, (left, right) => left * right).Sum();
}
