using Google.Protobuf;
using ImageEditor.Converters.Differentiation;
using ImageEditor.Converters.Gradients;
using ImageEditor.Converters.Onnx;
using ImageEditor.Converters.OnnxFormat;

namespace ImageEditor.Converters.StyleTransfer;

/// <summary>The backbone's layers that style and content are read from, and the gradient of what a picture differs in them.</summary>
internal sealed class StyleNetwork(RunNetwork gradientNetwork, RunNetwork targetsNetwork)
{
    /// <summary>The stride of the deepest layer used.</summary>
    private const int Stride = 32;
    private const int ContentStride = 8;

    /// <summary>Pixels of mirrored surroundings.</summary>
    private const int Padding = 8;

    /// <summary>From fine strokes to larger forms.</summary>
    private static readonly (string Layer, int Channels)[] Style =
    [
        ("Conv", 32),
        ("expanded_conv/project", 16),
        ("expanded_conv_2/add", 24),
        ("expanded_conv_5/add", 32),
        ("expanded_conv_9/add", 64),
        ("expanded_conv_12/add", 96),
    ];

    /// <summary>Where things are, but not how they are painted.</summary>
    private static readonly (string Layer, int Channels)[] Content = [("expanded_conv_5/add", 32)];

    /// <summary>At strength 50 the content's share of the loss beside the style's, both being parts of what they are at first.</summary>
    private const double ContentShare = 0.25;

    /// <summary>The networks of a process.</summary>
    public static StyleNetwork Of(ModelSet models)
    {
        var gradient = models.GetOrCreateDerived(
            "style/gradient", fused => GradientGraph(ModelSet.Read("mobilenet-v2"), fused), ClippedDepthwiseGradient.Operator);
        var targets = models.GetOrCreateDerived("style/targets", _ => TargetsGraph(ModelSet.Read("mobilenet-v2")));
        return new StyleNetwork(
            (inputs, outputs, cancellationToken) => gradient.Run(inputs, outputs, cancellationToken),
            (inputs, outputs, cancellationToken) => targets.Run(inputs, outputs, cancellationToken));
    }

    /// <summary>The ONNX file of loss and gradient, from the backbone's.</summary>
    /// <param name="backbone">The backbone's ONNX file.</param>
    /// <param name="fused">Whether it may use <see cref="ClippedDepthwiseGradient.Operator"/>.</param>
    public static byte[] GradientGraph(byte[] backbone, bool fused) =>
        Differentiation.Gradient.Of(Losses.Style(ModelProto.Parser.ParseFrom(backbone), Style, Content), Losses.Name, "image", fused)
            .ToByteArray();

    /// <summary>The ONNX file of what is compared, from the backbone's.</summary>
    public static byte[] TargetsGraph(byte[] backbone) =>
        Losses.StyleTargets(ModelProto.Parser.ParseFrom(backbone), Style, Content).ToByteArray();

    /// <summary>The targets of the loss for a painting of some size.</summary>
    /// <param name="content">The photo in the painting's size.</param>
    /// <param name="style">The style picture.</param>
    /// <param name="strength">From 0 to 1.</param>
    /// <param name="cancellationToken">Stops the network.</param>
    public IReadOnlyDictionary<string, Tensor> Targets(
        RgbPlanes content, RgbPlanes style, double strength, CancellationToken cancellationToken)
    {
        var ofContent = Layers(Pad(content, 0, 0), cancellationToken);
        var ofStyle = Layers(Pad(style, 0, 0), cancellationToken);
        var targets = new Dictionary<string, Tensor>();

        // Layers differ in magnitude by orders: each counts by what the photo differs from the style in it at first.
        foreach (var (layer, _) in Style)
        {
            var name = "style/" + layer;
            targets[name] = ofStyle[name];
            targets[name + "/weight"] = Scalar(strength / Style.Length / MeanSquaredDifference(ofStyle[name], ofContent[name]));
        }

        foreach (var (layer, _) in Content)
        {
            var name = "content/" + layer;
            targets[name] = ofContent[name];
            targets[name + "/weight"] = Scalar(ContentShare * (1 - strength) / Content.Length / MeanSquare(ofContent[name]));
        }

        return targets;
    }

    /// <summary>
    /// How far a picture is from a style: over the layers, the mean of what its Gram matrices differ as a part of what the photo's do.
    /// </summary>
    public double Distance(RgbPlanes picture, RgbPlanes photo, RgbPlanes style, CancellationToken cancellationToken)
    {
        var (ofPicture, ofPhoto, ofStyle) = (
            Layers(
                Pad(picture, 0, 0),
                cancellationToken), Layers(Pad(photo, 0, 0), cancellationToken), Layers(Pad(style, 0, 0), cancellationToken));
        return Style.Average(layer =>
        {
            var name = "style/" + layer.Layer;
            return MeanSquaredDifference(ofPicture[name], ofStyle[name]) / MeanSquaredDifference(ofPhoto[name], ofStyle[name]);
        });
    }

    /// <summary>The gradient with respect to the painting, which is moved against the network's grid by some pixels.</summary>
    public RgbPlanes Gradient(
        RgbPlanes painting, IReadOnlyDictionary<string, Tensor> targets, Random random, CancellationToken cancellationToken)
    {
        // The content's target is where the photo was: only half a stride of its layer to and fro, or it would not fit any more.
        var (left, top) = (random.Next(-ContentStride / 2, ContentStride / 2 + 1), random.Next(-ContentStride / 2, ContentStride / 2 + 1));
        var inputs = new Dictionary<string, Tensor>(targets) { ["image"] = Pad(painting, left, top) };
        var result = gradientNetwork(inputs, [Differentiation.Gradient.Output], cancellationToken)[0];
        var gradient = new RgbPlanes(painting.Width, painting.Height);
        var (width, height) = (result.Shape[3], result.Shape[2]);
        for (var channel = 0; channel < 3; channel++)
        {
            for (var y = 0; y < painting.Height; y++)
            {
                result.Values.AsSpan((channel * height + y + Padding + top) * width + Padding + left, painting.Width)
                    .CopyTo(gradient.Values.AsSpan((channel * painting.Height + y) * painting.Width));
            }
        }

        return gradient;
    }

    private Dictionary<string, Tensor> Layers(Tensor image, CancellationToken cancellationToken)
    {
        string[] names = [.. Style.Select(layer => "style/" + layer.Layer), .. Content.Select(layer => "content/" + layer.Layer)];
        return names.Zip(targetsNetwork(new Dictionary<string, Tensor> { ["image"] = image }, names, cancellationToken))
            .ToDictionary(pair => pair.First, pair => pair.Second);
    }

    private static Tensor Pad(RgbPlanes picture, int left, int top)
    {
        var (width, height) = (RoundUpToStride(picture.Width + 2 * Padding), RoundUpToStride(picture.Height + 2 * Padding));
        var tensor = new Tensor(1, 3, height, width);
        TiledGradient.Gather(picture, tensor.Values, -Padding - top, height, -Padding - left, width);
        return tensor;
    }

    private static int RoundUpToStride(int length) => (length + Stride - 1) / Stride * Stride;

    private static Tensor Scalar(double value) => new([double.IsFinite(value) ? (float)value : 0]);

    private static double MeanSquaredDifference(Tensor one, Tensor other) =>
        one.Values.Zip(other.Values, (left, right) => ((double)left - right) * (left - right)).Average();

    private static double MeanSquare(Tensor tensor) => tensor.Values.Average(value => (double)value * value);
}
