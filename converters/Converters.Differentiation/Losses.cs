using ImageEditor.Converters.OnnxFormat;

namespace ImageEditor.Converters.Differentiation;

/// <summary>Adds to a network what is to grow or to shrink when its image is changed.</summary>
public static class Losses
{
    /// <summary>The name of the loss.</summary>
    public const string Name = "loss";

    /// <summary>DeepDream's: the mean of the squares of a layer's values (Mordvintsev, Olah, Tyka 2015).</summary>
    /// <param name="network">A graph with an input <c>image</c>.</param>
    /// <param name="layer">The name of a value, of any shape.</param>
    /// <returns>A graph whose value <see cref="Name"/> is the loss.</returns>
    public static ModelProto Activation(ModelProto network, string layer)
    {
        var graph = Open(network, [layer]);
        graph.Node("ReduceMean", Name, [graph.Node("Mul", "squares", [layer, layer])], ("keepdims", 0L));
        return graph.Build();
    }

    /// <summary>
    /// Style transfer's (Gatys, Ecker, Bethge 2016): over the style layers the mean squared difference of Gram matrices, over the content
    /// layers that of the values themselves, each with a weight.
    /// </summary>
    /// <param name="network">A graph with an input <c>image</c>.</param>
    /// <param name="style">
    /// Layers and their channels. Each adds an input <c>style/LAYER</c>, channels × channels, and one <c>style/LAYER/weight</c>, a scalar.
    /// </param>
    /// <param name="content">
    /// Layers. Each adds an input <c>content/LAYER</c>, of the layer's shape, and one <c>content/LAYER/weight</c>, a scalar.
    /// </param>
    /// <returns>A graph whose value <see cref="Name"/> is the loss.</returns>
    public static ModelProto Style(
        ModelProto network, IReadOnlyList<(string Layer, int Channels)> style, IReadOnlyList<(string Layer, int Channels)> content)
    {
        var graph = Open(network, [.. style.Select(layer => layer.Layer), .. content.Select(layer => layer.Layer)]);
        var terms = new List<string>();
        foreach (var (layer, channels) in style)
        {
            var target = graph.Input("style/" + layer, channels, channels);
            terms.Add(
                Weighted(graph, "style/" + layer, MeanSquaredDifference(graph, "style/" + layer, Gram(graph, layer, channels), target)));
        }

        foreach (var (layer, channels) in content)
        {
            var target = graph.Input("content/" + layer, 1, channels, $"content/{layer}/height", $"content/{layer}/width");
            terms.Add(Weighted(graph, "content/" + layer, MeanSquaredDifference(graph, "content/" + layer, layer, target)));
        }

        graph.Node("Identity", Name, [terms.Aggregate((sum, term) => graph.Node("Add", "terms", [sum, term]))]);
        return graph.Build();
    }

    /// <summary>
    /// What <see cref="Style"/> compares, as the outputs <c>style/LAYER</c> and <c>content/LAYER</c> of a graph from <c>image</c>.
    /// </summary>
    public static ModelProto StyleTargets(
        ModelProto network, IReadOnlyList<(string Layer, int Channels)> style, IReadOnlyList<(string Layer, int Channels)> content)
    {
        var graph = Open(network, [.. style.Select(layer => layer.Layer), .. content.Select(layer => layer.Layer)]);
        foreach (var (layer, channels) in style)
        {
            graph.Output(graph.Node("Identity", "style/" + layer, [Gram(graph, layer, channels)]), channels, channels);
        }

        foreach (var (layer, channels) in content)
        {
            graph.Output(
                graph.Node("Identity", "content/" + layer, [layer]), 1, channels, $"content/{layer}/height", $"content/{layer}/width");
        }

        return graph.Build();
    }

    /// <summary>Products of every two channels, averaged over all places: channels × channels.</summary>
    private static string Gram(GraphBuilder graph, string layer, int channels)
    {
        var rows = graph.Node("Reshape", layer + "/rows", [layer, graph.Integers(channels, -1)]);
        var columns = graph.Node("Transpose", layer + "/columns", [rows], ("perm", new long[] { 1, 0 }));
        var shape = graph.Node("Shape", layer + "/rows/shape", [rows]);
        var width = graph.Node("Slice", layer + "/width", [shape, graph.Integers(1), graph.Integers(2)]);
        var places = graph.Node("Cast", layer + "/places", [width], ("to", 1L));
        return graph.Node(
            "Mul",
            layer + "/gram",
            [graph.Node("MatMul", layer + "/products", [rows, columns]), graph.Node("Reciprocal", layer + "/share", [places])]);
    }

    private static string MeanSquaredDifference(GraphBuilder graph, string name, string value, string target)
    {
        var difference = graph.Node("Sub", name + "/difference", [value, target]);
        return graph.Node("ReduceMean", name + "/loss", [graph.Node("Mul", name + "/squares", [difference, difference])], ("keepdims", 0L));
    }

    private static string Weighted(GraphBuilder graph, string name, string loss) =>
        graph.Node("Mul", name + "/weighted", [loss, graph.Input(name + "/weight")]);

    private static GraphBuilder Open(ModelProto network, IReadOnlyList<string> layers) => Gradient.Copy(new Network(network.Graph), layers);
}
