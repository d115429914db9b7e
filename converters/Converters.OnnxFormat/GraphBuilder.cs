using System.Runtime.InteropServices;
using System.Text;
using Google.Protobuf;
using AttributeType = ImageEditor.Converters.OnnxFormat.AttributeProto.Types.AttributeType;

namespace ImageEditor.Converters.OnnxFormat;

/// <summary>Writes an ONNX graph node by node. Values are called by name; every method that makes one returns its name.</summary>
/// <param name="name">The graph's name.</param>
public sealed class GraphBuilder(string name)
{
    /// <summary>Both are old enough for every runtime of the last years, and new enough for all operators used here.</summary>
    private const int IrVersion = 8;
    private const int OperatorSet = 17;

    private readonly GraphProto _graph = new() { Name = name };
    private readonly HashSet<string> _names = [];
    private readonly HashSet<string> _domains = [""];
    private readonly Dictionary<string, string> _integers = [];

    /// <summary>Declares a float input.</summary>
    /// <param name="input">Its name.</param>
    /// <param name="shape">A number, or a name for a dimension that is only known at run time.</param>
    public string Input(string input, params IReadOnlyList<Dimension> shape)
    {
        _graph.Input.Add(Describe(Claim(input), shape));
        return input;
    }

    /// <summary>Declares a float output, under the name of the value that it is.</summary>
    /// <param name="output">A value of this graph.</param>
    /// <param name="shape">A number, or a name for a dimension that is only known at run time.</param>
    public void Output(string output, params IReadOnlyList<Dimension> shape) => _graph.Output.Add(Describe(output, shape));

    /// <summary>A constant of floats.</summary>
    /// <param name="tensor">Its name; made unique where it is taken.</param>
    /// <param name="values">As many as the shape holds, the last dimension fastest.</param>
    /// <param name="shape">None for a scalar.</param>
    public string Constant(string tensor, ReadOnlySpan<float> values, params ReadOnlySpan<long> shape)
    {
        var initializer = new TensorProto
        {
            Name = Claim(tensor),
            DataType = (int)TensorProto.Types.DataType.Float,
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values)),
        };
        initializer.Dims.AddRange(shape.ToArray());
        if (initializer.Dims.Aggregate(1L, (product, side) => product * side) != values.Length)
        {
            throw new ArgumentException(
                $"The constant '{tensor}' has {values.Length} values, which its shape does not hold.", nameof(values));
        }

        _graph.Initializer.Add(initializer);
        return initializer.Name;
    }

    /// <summary>A constant of one float.</summary>
    public string Scalar(float value) => Constant("scalar", [value]);

    /// <summary>A constant vector of whole numbers; equal ones are one constant.</summary>
    public string Integers(params ReadOnlySpan<long> values)
    {
        var key = string.Join(',', values.ToArray());
        if (!_integers.TryGetValue(key, out var known))
        {
            var initializer = new TensorProto
            {
                Name = Claim("integers"),
                DataType = (int)TensorProto.Types.DataType.Int64,
                RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values)),
            };
            initializer.Dims.Add(values.Length);
            _graph.Initializer.Add(initializer);
            _integers.Add(key, known = initializer.Name);
        }

        return known;
    }

    /// <summary>Takes over a constant of another graph, under its own name.</summary>
    public void Take(TensorProto initializer)
    {
        Claim(initializer.Name, asIs: true);
        _graph.Initializer.Add(initializer);
    }

    /// <summary>Takes over a node of another graph, with the names that its values have there.</summary>
    public void Take(NodeProto node)
    {
        foreach (var output in node.Output)
        {
            Claim(output, asIs: true);
        }

        _domains.Add(node.Domain);
        _graph.Node.Add(node);
    }

    /// <summary>An operator with one result.</summary>
    /// <param name="type">ONNX's name of the operator.</param>
    /// <param name="output">The name of the result; made unique where it is taken.</param>
    /// <param name="inputs">Values of this graph; an empty name leaves an optional input out.</param>
    /// <param name="attributes">Each a long, a float, a string or an array of long.</param>
    /// <returns>The name of the result.</returns>
    public string Node(
        string type,
        string output,
        IReadOnlyList<string> inputs,
        params IReadOnlyList<(string Name, object Value)> attributes) =>
        Node(type, output, inputs, domain: "", attributes);

    /// <summary>An operator of another domain than ONNX's, in its first version.</summary>
    /// <inheritdoc cref="Node(string, string, IReadOnlyList{string}, IReadOnlyList{ValueTuple{string, object}})"/>
    public string Node(
        string type,
        string output,
        IReadOnlyList<string> inputs,
        string domain,
        params IReadOnlyList<(string Name, object Value)> attributes)
    {
        _domains.Add(domain);
        var node = new NodeProto { OpType = type, Domain = domain, Name = Claim(output) };
        node.Output.Add(node.Name);
        node.Input.AddRange(inputs);
        node.Attribute.AddRange(attributes.Select(attribute => Describe(attribute.Name, attribute.Value)));
        _graph.Node.Add(node);
        return node.Name;
    }

    /// <summary>The whole model.</summary>
    public ModelProto Build() => new()
    {
        IrVersion = IrVersion,
        ProducerName = "image-editor",
        Graph = _graph,
        OpsetImport =
        {
            _domains.Select(domain => new OperatorSetIdProto { Domain = domain, Version = domain.Length == 0 ? OperatorSet : 1 }),
        },
    };

    private string Claim(string wanted, bool asIs = false)
    {
        var free = wanted;
        for (var number = 2; !_names.Add(free); number++)
        {
            free = asIs ? throw new ArgumentException($"The graph has a value '{wanted}' already.", nameof(wanted)) : $"{wanted}.{number}";
        }

        return free;
    }

    private static ValueInfoProto Describe(string value, IReadOnlyList<Dimension> shape)
    {
        var dimensions = new TensorShapeProto();
        dimensions.Dim.AddRange(shape.Select(dimension => dimension.ToProto()));
        return new ValueInfoProto
        {
            Name = value,
            Type = new TypeProto
            {
                TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float, Shape = dimensions },
            },
        };
    }

    private static AttributeProto Describe(string name, object value)
    {
        var attribute = new AttributeProto { Name = name };
        switch (value)
        {
            case long or int:
                attribute.I = Convert.ToInt64(value, null);
                attribute.Type = AttributeType.Int;
                break;
            case float number:
                attribute.F = number;
                attribute.Type = AttributeType.Float;
                break;
            case string text:
                attribute.S = ByteString.CopyFrom(text, Encoding.UTF8);
                attribute.Type = AttributeType.String;
                break;
            case long[] numbers:
                attribute.Ints.AddRange(numbers);
                attribute.Type = AttributeType.Ints;
                break;
            default:
                throw new ArgumentException(
                    $"The attribute '{name}' is a {value.GetType().Name}, which is not written here.", nameof(value));
        }

        return attribute;
    }
}
