using ImageEditor.Converters.DeepDream;
using ImageEditor.Converters.Gradients;
using ImageEditor.Converters.StyleTransfer;
using ImageEditor.Tests.Models.Support;
using Tensor = ImageEditor.Tests.Models.Support.Tensor;

namespace ImageEditor.Tests.Models.Painting;

/// <summary>The converters' networks without the converters' processes.</summary>
internal static class Networks
{
    private static readonly byte[] Trunk = File.ReadAllBytes(Path.Combine(Paths.Models, "trunk.onnx"));

    public static Model Dream(DreamLayer layer) => Model.Of(layer.GradientGraph(Trunk, fused: true));

    public static Model StyleGradient() => Model.Of(StyleNetwork.GradientGraph(Trunk, fused: true));

    public static Model StyleTargets() => Model.Of(StyleNetwork.TargetsGraph(Trunk));

    public static RunNetwork Running(this Model model) => (inputs, outputs, cancellationToken) =>
    {
        cancellationToken.ThrowIfCancellationRequested();
        var results = model.RunNamed(inputs.ToDictionary(
            input => input.Key, input => new Tensor(input.Value.Values, [.. input.Value.Shape.Select(side => (long)side)])));
        return [.. outputs.Select(output => new Converters.Onnx.Tensor(results[output].Values, [.. results[output].Shape.Select(side => (int)side)]))];
    };

    public static Planes Planes(this Tensor picture) => new(picture.Values, (int)picture.Shape[3], (int)picture.Shape[2]);

    /// <summary>The mean square of a layer's values: what a dream raises.</summary>
    public static double Activation(this Model dream, Planes picture) =>
        dream.Run(new Tensor(picture.Values, [1, 3, picture.Height, picture.Width]).Scaled(2, -1))["loss"].Values[0];
}
