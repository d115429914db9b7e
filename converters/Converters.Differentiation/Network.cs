using ImageEditor.Converters.OnnxFormat;

namespace ImageEditor.Converters.Differentiation;

/// <summary>A forward graph, by what makes each value.</summary>
internal sealed class Network
{
    private readonly Dictionary<string, NodeProto> _producers = [];
    private readonly Dictionary<string, TensorProto> _constants;
    private readonly Dictionary<string, int> _uses;

    public Network(GraphProto graph)
    {
        Graph = graph;
        _constants = graph.Initializer.ToDictionary(tensor => tensor.Name);
        _uses = graph.Node.SelectMany(node => node.Input)
            .Concat(graph.Output.Select(output => output.Name))
            .CountBy(value => value)
            .ToDictionary();
        foreach (var node in graph.Node)
        {
            _producers.Add(
                node.Output.Count == 1
                    ? node.Output[0]
                    : throw new NotSupportedException($"The operator {node.OpType} has several results."),
                node);
        }
    }

    public GraphProto Graph { get; }

    /// <summary>The constant of this name, or null where the value is computed or given.</summary>
    public TensorProto? Constant(string value) => _constants.GetValueOrDefault(value);

    /// <summary>The operator that makes a value which is used once; null where it is given, or used more often.</summary>
    public NodeProto? SoleProducer(string value) => _uses.GetValueOrDefault(value) == 1 ? _producers.GetValueOrDefault(value) : null;

    /// <summary>The operators that lead to some values, each after those that it needs.</summary>
    /// <exception cref="ArgumentException">There is no such value.</exception>
    public IReadOnlyList<NodeProto> OperatorsFor(params IEnumerable<string> values)
    {
        var ordered = new List<NodeProto>();
        var seen = new HashSet<string>();
        foreach (var value in values)
        {
            Visit(value, ordered, seen);
        }

        return ordered;
    }

    private void Visit(string value, List<NodeProto> ordered, HashSet<string> seen)
    {
        if (value.Length == 0 || !seen.Add(value) || _constants.ContainsKey(value) || Graph.Input.Any(input => input.Name == value))
        {
            return;
        }

        var producer = _producers.GetValueOrDefault(value)
            ?? throw new ArgumentException($"The network has no value '{value}'.", nameof(value));
        foreach (var input in producer.Input)
        {
            Visit(input, ordered, seen);
        }

        ordered.Add(producer);
    }
}
