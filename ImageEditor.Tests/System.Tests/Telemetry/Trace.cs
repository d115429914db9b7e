using ImageEditor.Testing.Otlp;

namespace ImageEditor.SystemTests.Telemetry;

/// <summary>The spans of one trace, as a tree: every parent that a span names must be there.</summary>
internal sealed class Trace
{
    private readonly Dictionary<string, ReceivedSpan> _spans;

    public Trace(IReadOnlyList<ReceivedSpan> spans)
    {
        _spans = spans.ToDictionary(span => span.Id);
        Root = Assert.Single(spans, span => span.ParentId.Length == 0);
        Assert.All(spans, span => Assert.True(
            span.ParentId.Length == 0 || _spans.ContainsKey(span.ParentId),
            $"The parent of {span.Service}'s '{span.Span.Name}' is not in its trace."));
    }

    /// <summary>Where it begins.</summary>
    public ReceivedSpan Root { get; }

    /// <summary>The one span of a service that is of a kind and has a name, or begins with it.</summary>
    public ReceivedSpan Only(string service, Span.Types.Kind kind, string name) =>
        Assert.Single(
            _spans.Values,
            span => span.Service == service && span.Span.Kind == kind && span.Span.Name.StartsWith(name, StringComparison.Ordinal));

    /// <summary>The spans of a service that a library made.</summary>
    public IEnumerable<ReceivedSpan> Of(string service, string source) =>
        _spans.Values.Where(span => span.Service == service && span.Source == source);

    /// <summary>The span that it is a part of; null for the root.</summary>
    public ReceivedSpan? ParentOf(ReceivedSpan span) => _spans.GetValueOrDefault(span.ParentId);

    /// <summary>Whether a span is a part of another one, at any depth.</summary>
    public bool IsUnder(ReceivedSpan span, ReceivedSpan ancestor) =>
        ParentOf(span) is { } parent && (parent == ancestor || IsUnder(parent, ancestor));
}
