using ImageEditor.Converters.OnnxFormat;

namespace ImageEditor.Converters.Differentiation;

/// <summary>
/// Reverse-mode automatic differentiation from graph to graph: the backward pass of a network is written as ordinary ONNX operators, so
/// that a runtime for inference computes it.
/// </summary>
public static class Gradient
{
    /// <summary>The name of the gradient among the outputs.</summary>
    public const string Output = "gradient";

    /// <summary>Derives the graph of a loss and of its gradient.</summary>
    /// <param name="model">A graph with the loss, a scalar, among its values. Operators: see <see cref="GradientRules"/>.</param>
    /// <param name="loss">The name of the loss.</param>
    /// <param name="input">The input that the gradient is taken with respect to.</param>
    /// <param name="fused">Whether the graph may use <see cref="FusedOperator"/> beside ONNX's operators.</param>
    /// <returns>
    /// A graph with the model's inputs and two outputs: the loss under its own name, and <see cref="Output"/>, of the input's shape. It
    /// holds what leads to the loss, and of the backward pass what leads to the input, and nothing else.
    /// </returns>
    /// <exception cref="ArgumentException">There is no such value, or the loss does not depend on the input.</exception>
    /// <exception cref="NotSupportedException">An operator or one of its attributes has no rule.</exception>
    public static ModelProto Of(ModelProto model, string loss, string input, bool fused = false)
    {
        var network = new Network(model.Graph);
        var forward = network.OperatorsFor(loss);
        var graph = Copy(network, [loss]);

        // A shape does not change when values do.
        var dependent = new HashSet<string> { input };
        foreach (var node in forward.Where(node => node.OpType is not ("Shape" or "Size") && node.Input.Any(dependent.Contains)))
        {
            dependent.Add(node.Output[0]);
        }

        var rules = new GradientRules(graph, network, fused);
        var gradients = new Dictionary<string, List<string>> { [loss] = [graph.Scalar(1)] };
        foreach (var node in forward.Reverse().Where(node => dependent.Contains(node.Output[0]) && !rules.IsBypassed(node.Output[0])))
        {
            var upstream = Sum(graph, gradients[node.Output[0]]);
            foreach (var (to, gradient) in rules.Backward(node, upstream, dependent.Contains))
            {
                if (!gradients.TryAdd(to, [gradient]))
                {
                    gradients[to].Add(gradient);
                }
            }
        }

        if (!gradients.TryGetValue(input, out var result))
        {
            throw new ArgumentException($"'{loss}' does not depend on '{input}'.", nameof(input));
        }

        graph.Output(loss);
        graph.Output(graph.Node("Identity", Output, [Sum(graph, result)]), [.. ShapeOf(model.Graph, input)]);
        return graph.Build();
    }

    /// <summary>The part of a network that leads to some of its values, which become the outputs.</summary>
    /// <param name="model">The network.</param>
    /// <param name="outputs">Values and what their shapes are declared as.</param>
    public static ModelProto Cut(ModelProto model, params IReadOnlyList<(string Value, Dimension[] Shape)> outputs)
    {
        var network = new Network(model.Graph);
        var graph = Copy(network, [.. outputs.Select(output => output.Value)]);
        foreach (var (value, shape) in outputs)
        {
            graph.Output(value, shape);
        }

        return graph.Build();
    }

    /// <summary>A graph without outputs: a network's inputs and what leads to some of its values.</summary>
    internal static GraphBuilder Copy(Network network, IReadOnlyList<string> values)
    {
        var nodes = network.OperatorsFor(values);
        var graph = new GraphBuilder(network.Graph.Name);
        foreach (var input in network.Graph.Input)
        {
            graph.Input(input.Name, [.. ShapeOf(network.Graph, input.Name)]);
        }

        foreach (var constant in nodes.SelectMany(node => node.Input).Distinct().Select(network.Constant).OfType<TensorProto>())
        {
            graph.Take(constant);
        }

        foreach (var node in nodes)
        {
            graph.Take(node);
        }

        return graph;
    }

    private static IEnumerable<Dimension> ShapeOf(GraphProto graph, string input) =>
        graph.Input.Single(declared => declared.Name == input).Type.TensorType.Shape.Dim.Select(Dimension.From);

    private static string Sum(GraphBuilder graph, List<string> gradients) =>
        gradients.Aggregate((sum, gradient) => graph.Node("Add", "sum", [sum, gradient]));
}
