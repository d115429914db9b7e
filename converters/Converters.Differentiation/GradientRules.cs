using ImageEditor.Converters.OnnxFormat;

namespace ImageEditor.Converters.Differentiation;

/// <summary>
/// How a gradient passes an operator backwards (vector-Jacobian products): Conv (3×3 or 1×1, stride 1 or 2, plain or depthwise), Clip,
/// Identity, Add, Sub, Mul, MatMul, Transpose, Reshape, ReduceMean and ReduceSum over everything.
/// </summary>
internal sealed class GradientRules(GraphBuilder graph, Network network, bool fused)
{
    /// <summary>ONNX's number of the type float.</summary>
    private const long FloatType = 1;

    private readonly HashSet<string> _bypassed = [];

    /// <summary>Whether a fused operator covers a value: then the value has no gradient of its own.</summary>
    public bool IsBypassed(string value) => _bypassed.Contains(value);

    /// <param name="node">An operator.</param>
    /// <param name="upstream">The gradient of the loss with respect to its result.</param>
    /// <param name="isWanted">Whether the gradient with respect to a value is asked for.</param>
    /// <returns>Gradients with respect to those of its inputs that are wanted.</returns>
    public IEnumerable<(string To, string Gradient)> Backward(NodeProto node, string upstream, Func<string, bool> isWanted)
    {
        switch (node.OpType)
        {
            case "Conv":
                if (node.Input.Skip(1).Any(isWanted))
                {
                    throw Unsupported(node);
                }

                yield return (node.Input[0], Convolution(node, upstream));
                break;
            case "Identity":
                yield return (node.Input[0], upstream);
                break;
            case "Clip" when fused && FusedOperator.Find(network, node) is var (first, convolution):
                _bypassed.UnionWith([convolution.Output[0], first.Output[0]]);
                yield return (first.Input[0], Fused(node, first, convolution, upstream));
                break;
            case "Clip" when node.Input.Skip(1).Any(isWanted):
                throw Unsupported(node);
            case "Clip":
                yield return (node.Input[0], Clip(node, upstream));
                break;
            case "Add":
            case "Sub":
            case "Mul":
            case "MatMul":
                for (var side = 0; side < 2; side++)
                {
                    if (isWanted(node.Input[side]))
                    {
                        yield return (node.Input[side], BinaryOperator(node, side, upstream));
                    }
                }

                break;
            case "Transpose":
                yield return (node.Input[0], graph.Node("Transpose", Name(node), [upstream], ("perm", Inverse(node.Find("perm")!.Ints))));
                break;
            case "Reshape":
                yield return (node.Input[0], graph.Node("Reshape", Name(node), [upstream, ShapeOf(node.Input[0])]));
                break;
            case "ReduceMean":
            case "ReduceSum":
                yield return (node.Input[0], Reduction(node, upstream));
                break;
            default:
                throw Unsupported(node);
        }
    }

    /// <summary>Element by element without broadcasting, but for a scalar that no gradient is asked for.</summary>
    private string BinaryOperator(NodeProto node, int side, string upstream)
    {
        var other = node.Input[1 - side];
        return node.OpType switch
        {
            "Add" => upstream,
            "Sub" => side == 0 ? upstream : graph.Node("Neg", Name(node), [upstream]),
            "Mul" => graph.Node("Mul", Name(node), [upstream, other]),
            _ when side == 0 => graph.Node("MatMul", Name(node), [upstream, Transposed(other)]),
            _ => graph.Node("MatMul", Name(node), [Transposed(other), upstream]),
        };
    }

    private string Transposed(string matrix) => graph.Node("Transpose", matrix + "/transposed", [matrix], ("perm", new long[] { 1, 0 }));

    private string Reduction(NodeProto node, string upstream)
    {
        if (node.Find("keepdims")?.I != 0 || node.Input.Count > 1 || node.Find("axes") is not null)
        {
            throw Unsupported(node);
        }

        var shape = ShapeOf(node.Input[0]);
        if (node.OpType == "ReduceMean")
        {
            var count = graph.Node(
                "Cast", Name(node) + "/count", [graph.Node("Size", Name(node) + "/size", [node.Input[0]])], ("to", FloatType));
            upstream = graph.Node("Div", Name(node) + "/share", [upstream, count]);
        }

        return graph.Node("Expand", Name(node), [upstream, shape]);
    }

    /// <summary>The gradient passes between the bounds, and not at them or beyond: there the result does not move.</summary>
    private string Clip(NodeProto node, string upstream)
    {
        var result = node.Output[0];
        var above = graph.Node("Greater", Name(node) + "/above", [result, node.Input[1]]);
        var below = graph.Node("Less", Name(node) + "/below", [result, node.Input[2]]);
        var within = graph.Node("And", Name(node) + "/within", [above, below]);

        // Measured with ONNX Runtime: half the time of Where(within, upstream, 0).
        return graph.Node("Mul", Name(node), [upstream, graph.Node("Cast", Name(node) + "/mask", [within], ("to", FloatType))]);
    }

    private string Fused(NodeProto node, NodeProto first, NodeProto convolution, string upstream) => graph.Node(
        FusedOperator.Type,
        Name(first),
        [upstream, node.Output[0], convolution.Input[1], first.Output[0], node.Input[1], node.Input[2]],
        FusedOperator.Domain);

    private string Convolution(NodeProto node, string upstream)
    {
        var weights = network.Constant(node.Input[1]) ?? throw Unsupported(node);
        var group = node.Find("group")?.I ?? 1;
        var stride = node.Find("strides")?.Ints is [var down, var across] ? (down, across) : (1, 1);
        if (node.Find("dilations")?.Ints is not (null or [1, 1]))
        {
            throw Unsupported(node);
        }

        return stride switch
        {
            (1, 1) when group == 1 && weights.Dims[2] == 1 && weights.Dims[3] == 1 => Pointwise(node, upstream, weights),
            (1, 1) => StrideOne(node, upstream, weights, group),
            (2, 2) => StrideTwo(node, upstream, weights, group),
            _ => throw Unsupported(node),
        };
    }

    /// <summary>
    /// A product of matrices: measured with ONNX Runtime, it saves bringing the gradient into the layout of convolutions and back.
    /// </summary>
    private string Pointwise(NodeProto node, string upstream, TensorProto weights)
    {
        var (outputs, inputs) = (weights.Dims[0], weights.Dims[1]);
        var matrix = graph.Constant(weights.Name + "/backward", Backward(weights, group: 1), inputs, outputs);
        var flat = graph.Node("Reshape", Name(node) + "/flat", [upstream, graph.Integers(0, outputs, -1)]);
        var sides = graph.Node("Slice", Name(node) + "/sides", [ShapeOf(upstream), graph.Integers(2), graph.Integers(4)]);
        var shape = graph.Node("Concat", Name(node) + "/shape", [graph.Integers(0, inputs), sides], ("axis", 0L));
        return graph.Node("Reshape", Name(node), [graph.Node("MatMul", Name(node) + "/product", [matrix, flat]), shape]);
    }

    private string StrideOne(NodeProto node, string upstream, TensorProto weights, long group)
    {
        var side = weights.Dims[2];
        if (side % 2 == 0 || weights.Dims[3] != side || (side > 1 && node.Find("auto_pad")?.S.ToStringUtf8() != "SAME_UPPER"))
        {
            throw Unsupported(node);
        }

        var kernel = graph.Constant(
            weights.Name + "/backward",
            Backward(weights, group),
            group * weights.Dims[1],
            weights.Dims[0] / group,
            weights.Dims[2],
            weights.Dims[3]);
        return graph.Node(
            "Conv",
            Name(node),
            [upstream, kernel],
            ("kernel_shape", new long[] { side, side }),
            ("group", group),
            ("pads", new long[] { side / 2, side / 2, side / 2, side / 2 }));
    }

    /// <summary>
    /// The weights that lead back: the kernel turned by half a turn, and in every group inputs and outputs changed places.
    /// </summary>
    private static float[] Backward(TensorProto weights, long group)
    {
        var forward = weights.Floats();
        var (outputs, inputs, place) = ((int)(weights.Dims[0] / group), (int)weights.Dims[1], (int)(weights.Dims[2] * weights.Dims[3]));
        var backward = new float[forward.Length];
        for (var index = 0; index < forward.Length; index++)
        {
            var (channel, at) = Math.DivRem(index, place);
            (channel, var input) = Math.DivRem(channel, inputs);
            var (member, output) = Math.DivRem(channel, outputs);
            backward[((member * inputs + input) * outputs + output) * place + place - 1 - at] = forward[index];
        }

        return backward;
    }

    /// <summary>
    /// With SAME padding a stride-2 convolution takes a picture of N rows, padded by one below where N is even, by one above and one below
    /// where it is odd. Its transpose makes 2·⌈N/2⌉ rows: as many as there were, or one more, above, which was padding. The same holds for
    /// columns.
    /// </summary>
    private string StrideTwo(NodeProto node, string upstream, TensorProto weights, long group)
    {
        if (node.Find("auto_pad")?.S.ToStringUtf8() != "SAME_UPPER" || weights.Dims[2] != 3 || weights.Dims[3] != 3)
        {
            throw Unsupported(node);
        }

        var padded = graph.Node(
            "ConvTranspose",
            Name(node) + "/padded",
            [upstream, node.Input[1]],
            ("kernel_shape", new long[] { 3, 3 }),
            ("strides", new long[] { 2, 2 }),
            ("group", group),
            ("pads", new long[] { 0, 0, 1, 1 }));
        var sides = graph.Node("Slice", Name(node) + "/sides", [ShapeOf(node.Input[0]), graph.Integers(2), graph.Integers(4)]);
        var padding = graph.Node("Mod", Name(node) + "/padding", [sides, graph.Integers(2)]);
        return graph.Node("Slice", Name(node), [padded, padding, graph.Integers(int.MaxValue, int.MaxValue), graph.Integers(2, 3)]);
    }

    private string ShapeOf(string value) => graph.Node("Shape", value + "/shape", [value]);

    private static string Name(NodeProto node) => node.Output[0] + "/gradient";

    private static long[] Inverse(Google.Protobuf.Collections.RepeatedField<long> order)
    {
        var inverse = new long[order.Count];
        for (var index = 0; index < inverse.Length; index++)
        {
            inverse[order[index]] = index;
        }

        return inverse;
    }

    private static NotSupportedException Unsupported(NodeProto node) =>
        new($"The operator {node.OpType} that makes '{node.Output[0]}' has no rule for its gradient in this form.");
}
