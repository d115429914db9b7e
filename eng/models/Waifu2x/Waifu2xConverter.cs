using System.Text.Json;
using ImageEditor.Converters.OnnxFormat;

namespace ImageEditor.Models.Waifu2x;

/// <summary>
/// Turns a waifu2x network (the architecture vgg_7 of nagadomi's waifu2x) into ONNX: a list of 3×3 convolutions without padding, each but
/// the last followed by a leaky ReLU of slope 0.1.
/// </summary>
internal static class Waifu2xConverter
{
    private const float Slope = 0.1f;

    /// <param name="file">The network as JSON: an array of convolutions with their weights as O×I×3×3 and their biases.</param>
    /// <returns>
    /// A graph from <c>image</c> (1×3×H×W, RGB, [0, 1]) to <c>output</c> (1×3×(H-14)×(W-14)): each convolution takes a pixel off every
    /// side.
    /// </returns>
    public static ModelProto Convert(string file)
    {
        using var layers = JsonDocument.Parse(File.ReadAllBytes(file));
        var graph = new GraphBuilder("denoise");
        var value = graph.Input("image", 1, 3, "height", "width");
        var last = layers.RootElement.GetArrayLength() - 1;
        foreach (var (number, layer) in layers.RootElement.EnumerateArray().Index())
        {
            value = Convolution(graph, number == last ? "output" : $"convolution{number}", layer, value);
            if (number < last)
            {
                value = graph.Node("LeakyRelu", $"activation{number}", [value], ("alpha", Slope));
            }
        }

        graph.Output(value, 1, 3, "output_height", "output_width");
        return graph.Build();
    }

    private static string Convolution(GraphBuilder graph, string name, JsonElement layer, string input)
    {
        var (inputs, outputs) = (layer.GetProperty("nInputPlane").GetInt32(), layer.GetProperty("nOutputPlane").GetInt32());
        var (height, width) = (layer.GetProperty("kH").GetInt32(), layer.GetProperty("kW").GetInt32());
        var stride = (layer.GetProperty("dH").GetInt32(), layer.GetProperty("dW").GetInt32());
        var padding = (layer.GetProperty("padH").GetInt32(), layer.GetProperty("padW").GetInt32());
        if (stride != (1, 1) || padding != (0, 0))
        {
            throw new InvalidDataException($"The convolution '{name}' has a stride or padding, which is not read.");
        }

        float[] weights =
        [
            .. from output in layer.GetProperty("weight").EnumerateArray()
               from plane in output.EnumerateArray()
               from row in plane.EnumerateArray()
               from weight in row.EnumerateArray()
               select weight.GetSingle(),
        ];
        float[] bias = [.. layer.GetProperty("bias").EnumerateArray().Select(value => value.GetSingle())];
        return graph.Node(
            "Conv",
            name,
            [
                input,
                graph.Constant(name + "/weight", weights, outputs, inputs, height, width),
                graph.Constant(name + "/bias", bias, outputs),
            ],
            ("kernel_shape", new long[] { height, width }));
    }
}
