using Google.Protobuf;
using ImageEditor.Converters.Differentiation;
using ImageEditor.Converters.Gradients;
using ImageEditor.Converters.Onnx;
using ImageEditor.Converters.OnnxFormat;

namespace ImageEditor.Converters.DeepDream;

/// <summary>A layer of the backbone that can be dreamt of. Deeper layers than these bring out little but noise.</summary>
/// <param name="Name">What it brings out.</param>
/// <param name="Value">Its name in the backbone.</param>
internal sealed record DreamLayer(string Name, string Value)
{
    /// <summary>From the shallowest to the deepest.</summary>
    public static IReadOnlyList<DreamLayer> All { get; } =
    [
        new("mazes", "expanded_conv_2/add"),
        new("ribbons", "expanded_conv_3/project"),
        new("weave", "expanded_conv_4/add"),
        new("eyes", "expanded_conv_6/project"),
        new("bodies", "expanded_conv_7/add"),
        new("people", "expanded_conv_8/expand"),
        new("fur", "expanded_conv_8/add"),
        new("faces", "expanded_conv_9/add"),
        new("bottles", "expanded_conv_11/add"),
        new("cats", "expanded_conv_12/add"),
    ];

    public static DreamLayer Named(string name) => All.Single(layer => layer.Name == name);

    /// <summary>The graph of the layer's activation and its gradient, one for a process.</summary>
    public Model Gradient(ModelSet models) => models.GetOrCreateDerived(
        "dream/" + Name, fused => GradientGraph(ModelSet.Read("mobilenet-v2"), fused), ClippedDepthwiseGradient.Operator);

    /// <param name="backbone">The backbone's ONNX file.</param>
    /// <param name="fused">Whether it may use <see cref="ClippedDepthwiseGradient.Operator"/>.</param>
    /// <returns>An ONNX file with the outputs <c>loss</c> and <c>gradient</c>.</returns>
    public byte[] GradientGraph(byte[] backbone, bool fused) =>
        Differentiation.Gradient.Of(Losses.Activation(ModelProto.Parser.ParseFrom(backbone), Value), Losses.Name, "image", fused)
            .ToByteArray();
}
