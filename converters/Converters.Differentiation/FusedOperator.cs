using ImageEditor.Converters.OnnxFormat;

namespace ImageEditor.Converters.Differentiation;

/// <summary>
/// An operator that ONNX does not have, for runtimes that are given it: back through a Clip, a depthwise 3×3 convolution and another Clip
/// with the same bounds, which is most of what a gradient step of a mobile network costs.
/// </summary>
/// <remarks>
/// Inputs: the gradient with respect to the last Clip's result; that result; the convolution's weights, channels×1×3×3; its input, which is
/// the first Clip's result; the lower and the upper bound. Output: the gradient with respect to the first Clip's input. The convolution has
/// SAME padding, and stride 1 where its input and its result are of one size, else 2.
/// </remarks>
public static class FusedOperator
{
    /// <summary>Its domain.</summary>
    public const string Domain = "imageeditor";

    /// <summary>Its type.</summary>
    public const string Type = "ClippedDepthwiseGradient";

    /// <summary>How many inputs it has.</summary>
    public const int Inputs = 6;

    /// <summary>
    /// The first Clip before a last one, and the convolution between them; null where it is anything else, or something else needs what
    /// lies between.
    /// </summary>
    internal static (NodeProto First, NodeProto Convolution)? Find(Network network, NodeProto last)
    {
        if (last.OpType != "Clip"
            || network.SoleProducer(last.Input[0]) is not { OpType: "Conv" } convolution
            || network.SoleProducer(convolution.Input[0]) is not { OpType: "Clip" } first
            || network.Constant(convolution.Input[1]) is not { } weights)
        {
            return null;
        }

        var isDepthwise = weights.Dims is [var channels, 1, 3, 3] && convolution.Find("group")?.I == channels;
        var isPadded = convolution.Find("auto_pad")?.S.ToStringUtf8() == "SAME_UPPER";
        var hasStride = convolution.Find("strides")?.Ints is null or [1, 1] or [2, 2];
        var isDense = convolution.Find("dilations")?.Ints is null or [1, 1];
        return isDepthwise
            && isPadded
            && hasStride
            && isDense
            && IsSame(network, first.Input[1], last.Input[1])
            && IsSame(network, first.Input[2], last.Input[2])
            ? (first, convolution)
            : null;
    }

    private static bool IsSame(Network network, string one, string other) =>
        network.Constant(one) is { } left && network.Constant(other) is { } right && left.Floats().AsSpan().SequenceEqual(right.Floats());
}
