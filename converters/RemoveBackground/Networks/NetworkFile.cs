using Google.Protobuf;
using ImageEditor.Converters.OnnxFormat;

namespace ImageEditor.Converters.RemoveBackground.Networks;

/// <summary>Reads a network of somebody else, and refuses what reaches out of its file.</summary>
internal static class NetworkFile
{
    /// <summary>How deep graphs may lie in attributes of one another.</summary>
    private const int MaxDepth = 8;

    /// <summary>The domains of ONNX's own operators.</summary>
    private static readonly string[] OwnDomains = ["", "ai.onnx"];

    /// <param name="path">The ONNX file.</param>
    /// <param name="maxBytes">How large it may be.</param>
    /// <param name="description">What it is said to take and to give.</param>
    /// <exception cref="InvalidDataException">
    /// It is missing, too large, no ONNX file, or has external data or operators of its own, or is not as described.
    /// </exception>
    public static byte[] Read(string path, int maxBytes, NetworkDescription description)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw new InvalidDataException("There is no such file.");
        }

        if (file.Length > maxBytes)
        {
            throw new InvalidDataException(
                $"It has {file.Length} bytes; "
                + $"at most {maxBytes} are taken (Converter:{nameof(SegmentationOptions.SegmentationMaxBytes)}).");
        }

        var bytes = File.ReadAllBytes(path);
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new InvalidDataException("It is no ONNX file.", exception);
        }

        if (model.Graph is null || model.Graph.Node.Count == 0)
        {
            throw new InvalidDataException("It is no ONNX file: it has no graph.");
        }

        if (model.Functions.Count > 0 || model.TrainingInfo.Count > 0)
        {
            throw new InvalidDataException("It has functions or training information, which are not taken. Export it for inference alone.");
        }

        foreach (var set in model.OpsetImport)
        {
            CheckDomain(set.Domain);
        }

        Check(model.Graph, depth: 0);
        CheckShapes(model.Graph, description);
        return bytes;
    }

    private static void CheckShapes(GraphProto graph, NetworkDescription description)
    {
        // Constants may be listed as inputs, too.
        var constants = graph.Initializer.Select(tensor => tensor.Name).ToHashSet();
        var inputs = graph.Input.Where(input => !constants.Contains(input.Name)).ToList();
        if (inputs is not [var input] || input.Name != description.Input.Name)
        {
            throw new InvalidDataException(
                $"Its inputs are {Names(inputs)}; it must have one, and its description says '{description.Input.Name}'.");
        }

        if (!graph.Output.Any(output => output.Name == description.Output.Name))
        {
            throw new InvalidDataException($"Its outputs are {Names(graph.Output)}; its description says '{description.Output.Name}'.");
        }

        var (height, width) = (description.Input.Height, description.Input.Width);
        long[] expected = description.Input.Layout == Layout.Nchw ? [1, 3, height, width] : [1, height, width, 3];
        var tensor = input.Type?.TensorType;
        var dimensions = tensor?.Shape?.Dim.Select(dimension => dimension.DimValue).ToArray() ?? [];

        // 0: any length.
        if (tensor?.ElemType != (int)TensorProto.Types.DataType.Float
            || dimensions.Length != expected.Length
            || dimensions.Zip(expected).Any(pair => pair.First > 0 && pair.First != pair.Second))
        {
            throw new InvalidDataException(
                $"Its input must take floats of {string.Join("×", expected)}, as its description says; "
                + $"it takes type {tensor?.ElemType ?? 0} of {string.Join("×", dimensions)}.");
        }

        static string Names(IEnumerable<ValueInfoProto> values) => string.Join(", ", values.Select(value => $"'{value.Name}'"));
    }

    private static void Check(GraphProto graph, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new InvalidDataException($"Its graphs lie in one another, more than {MaxDepth} deep.");
        }

        Check(graph.Initializer);
        Check(graph.SparseInitializer);
        foreach (var node in graph.Node)
        {
            CheckDomain(node.Domain);
            foreach (var attribute in node.Attribute)
            {
                Check(attribute.Tensors);
                Check(attribute.SparseTensors);
                Check(attribute.T is { } tensor ? [tensor] : []);
                Check(attribute.SparseTensor is { } sparse ? [sparse] : []);
                foreach (var inner in attribute.G is { } single ? attribute.Graphs.Append(single) : attribute.Graphs)
                {
                    Check(inner, depth + 1);
                }
            }
        }
    }

    private static void CheckDomain(string domain)
    {
        if (!OwnDomains.Contains(domain))
        {
            throw new InvalidDataException($"It uses operators of the domain '{domain}'; only those of ONNX itself are taken.");
        }
    }

    private static void Check(IEnumerable<TensorProto> tensors)
    {
        foreach (var tensor in tensors)
        {
            // 0 is the default: in this file.
            if (tensor.DataLocation != 0 || tensor.ExternalData.Count > 0)
            {
                throw new InvalidDataException(
                    $"The values of '{tensor.Name}' are in another file (external data), which is not read. Save all of it as one file.");
            }
        }
    }

    private static void Check(IEnumerable<SparseTensorProto> tensors)
    {
        foreach (var tensor in tensors)
        {
            Check(new[] { tensor.Values, tensor.Indices }.OfType<TensorProto>());
        }
    }
}
