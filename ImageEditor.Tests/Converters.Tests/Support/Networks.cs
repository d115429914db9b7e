using ImageEditor.Converters.DeepDream;
using ImageEditor.Converters.Gradients;
using ImageEditor.Converters.StyleTransfer;

namespace ImageEditor.Converters.Tests.Support;

/// <summary>The converters' networks without the converters' processes.</summary>
internal static class Networks
{
    private static readonly byte[] Backbone = File.ReadAllBytes(Path.Combine(Paths.Models, "mobilenet-v2.onnx"));

    public static Model Dream(DreamLayer layer) => Model.Of(layer.GradientGraph(Backbone, fused: true));

    public static Model StyleGradient() => Model.Of(StyleNetwork.GradientGraph(Backbone, fused: true));

    public static Model StyleTargets() => Model.Of(StyleNetwork.TargetsGraph(Backbone));

    public static RunNetwork Running(this Model model) => (inputs, outputs, cancellationToken) =>
    {
        cancellationToken.ThrowIfCancellationRequested();
        var results = model.RunNamed(inputs.ToDictionary(
            input => input.Key, input => new Tensor(input.Value.Values, [.. input.Value.Shape.Select(side => (long)side)])));
        return
        [
            .. from output in outputs
               let result = results[output]
               select new Converters.Onnx.Tensor(result.Values, [.. result.Shape.Select(side => (int)side)]),
        ];
    };

    public static RgbPlanes ToPlanes(this Tensor picture) => new(picture.Values, (int)picture.Shape[3], (int)picture.Shape[2]);

    /// <summary>The mean square of a layer's values: what a dream raises.</summary>
    public static double Activation(this Model dream, RgbPlanes picture) =>
        dream.Run(new Tensor(picture.Values, [1, 3, picture.Height, picture.Width]).Scaled(2, -1))["loss"].Values[0];
}
