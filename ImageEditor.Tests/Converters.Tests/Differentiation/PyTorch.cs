using System.Runtime.InteropServices;
using System.Text.Json;
using ImageEditor.Converters.OnnxFormat;
using ImageEditor.Converters.Tests.Support;

namespace ImageEditor.Converters.Tests.Differentiation;

/// <summary>
/// A part of a loss: the mean square of a layer (<c>activation</c>), or of what it or its Gram matrix (<c>content</c>, <c>style</c>)
/// differs from a target.
/// </summary>
internal sealed record Term(string Kind, string Layer, float Weight = 1)
{
    /// <summary>Empty for an activation.</summary>
    public float[] Target { get; init; } = [];
}

/// <summary>The loss and its derivatives as PyTorch computes them.</summary>
/// <param name="Loss">Its value.</param>
/// <param name="Gradient">Its gradient with respect to the image.</param>
/// <param name="Derivatives">Its central differences along the directions.</param>
internal sealed record ReferenceGradient(double Loss, double[] Gradient, double[] Derivatives);

/// <summary>Losses of a network's layers, differentiated by PyTorch in 64 bits.</summary>
internal static class PyTorch
{
    /// <param name="network">A network of convolutions, ReLU6 and sums.</param>
    /// <param name="image">Where to differentiate.</param>
    /// <param name="losses">Each a sum of terms.</param>
    /// <param name="directions">Each of the image's size.</param>
    public static async Task<IReadOnlyList<ReferenceGradient>> DifferentiateAsync(
        ModelProto network, Tensor image, IReadOnlyList<Term[]> losses, IReadOnlyList<float[]> directions)
    {
        var folder = Directory.CreateTempSubdirectory("models-tests-");
        try
        {
            await WriteAsync(folder.FullName, network, image, losses, directions);
            await Script.RunAsync("/usr/bin/python3", Path.Combine(Paths.References, "gradient.py"), folder.FullName);
            var gradients = (await DoublesAsync("gradients.bin")).Chunk(image.Values.Length);
            var derivatives = (await DoublesAsync("derivatives.bin")).Chunk(directions.Count);
            var results = (await DoublesAsync("losses.bin")).Zip(gradients, derivatives);
            return [.. results.Select(result => new ReferenceGradient(result.First, result.Second, result.Third))];
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        async Task<double[]> DoublesAsync(string name) => MemoryMarshal.Cast<byte, double>(
            await File.ReadAllBytesAsync(Path.Combine(folder.FullName, name), TestContext.Current.CancellationToken)).ToArray();
    }

    private static async Task WriteAsync(
        string folder, ModelProto network, Tensor image, IReadOnlyList<Term[]> losses, IReadOnlyList<float[]> directions)
    {
        var weights = new List<float>();
        var constants = new List<object>();
        foreach (var constant in network.Graph.Initializer.Where(constant => constant.DataType == (int)TensorProto.Types.DataType.Float))
        {
            constants.Add(new { name = constant.Name, shape = constant.Dims, start = weights.Count });
            weights.AddRange(constant.Floats());
        }

        var targets = new List<float>();
        var described = losses.Select(terms => terms.Select(term =>
        {
            var target = targets.Count;
            targets.AddRange(term.Target);
            return new { kind = term.Kind, layer = term.Layer, weight = term.Weight, target };
        }).ToArray()).ToArray();
        var nodes = network.Graph.Node.Select(node => new
        {
            type = node.OpType,
            inputs = node.Input,
            output = node.Output[0],
            stride = node.Find("strides")?.Ints[0] ?? 1,
            group = node.Find("group")?.I ?? 1,
        });
        var graph = new { height = image.Shape[2], width = image.Shape[3], constants, nodes, losses = described };
        await File.WriteAllBytesAsync(
            Path.Combine(folder, "graph.json"), JsonSerializer.SerializeToUtf8Bytes(graph), TestContext.Current.CancellationToken);
        await WriteFloatsAsync("weights.bin", [.. weights]);
        await WriteFloatsAsync("image.bin", image.Values);
        await WriteFloatsAsync("directions.bin", [.. directions.SelectMany(direction => direction)]);
        await WriteFloatsAsync("targets.bin", [.. targets]);

        Task WriteFloatsAsync(string name, float[] values) =>
            File.WriteAllBytesAsync(
                Path.Combine(folder, name), MemoryMarshal.AsBytes(values.AsSpan()).ToArray(), TestContext.Current.CancellationToken);
    }
}
