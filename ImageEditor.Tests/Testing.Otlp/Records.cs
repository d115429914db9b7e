namespace ImageEditor.Testing.Otlp;

/// <summary>A span, and who sent it.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Source">The library that made it.</param>
/// <param name="Span">The span.</param>
public sealed record ReceivedSpan(string Service, string Source, Span Span)
{
    /// <summary>The trace, in hexadecimal digits.</summary>
    public string TraceId => Convert.ToHexStringLower(Span.TraceId.Span);

    /// <summary>Its own id, in hexadecimal digits.</summary>
    public string Id => Convert.ToHexStringLower(Span.SpanId.Span);

    /// <summary>Its parent's id; empty where the trace begins.</summary>
    public string ParentId => Convert.ToHexStringLower(Span.ParentSpanId.Span);
}

/// <summary>A log record, and who sent it.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Category">The logger's name.</param>
/// <param name="Record">The record.</param>
public sealed record ReceivedLog(string Service, string Category, LogRecord Record)
{
    /// <summary>The trace that it belongs to, in hexadecimal digits; empty when to none.</summary>
    public string TraceId => Convert.ToHexStringLower(Record.TraceId.Span);
}

/// <summary>A metric, and who sent it.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Metric">The metric.</param>
public sealed record ReceivedMetric(string Service, Metric Metric)
{
    /// <summary>Every attribute of its points: name and text.</summary>
    public IEnumerable<(string Name, string Text)> Attributes =>
        from point in Points
        from attribute in point
        select (attribute.Key, attribute.Value.StringValue);

    /// <summary>The attributes of each point.</summary>
    public IEnumerable<IEnumerable<KeyValue>> Points => Metric.DataCase switch
    {
        Metric.DataOneofCase.Gauge => Metric.Gauge.Points.Select(point => point.Attributes),
        Metric.DataOneofCase.Sum => Metric.Sum.Points.Select(point => point.Attributes),
        Metric.DataOneofCase.Histogram => Metric.Histogram.Points.Select(point => point.Attributes),
        _ => [],
    };

    /// <summary>What its points come to together: their sum, or how many measurements a histogram has.</summary>
    public double Total => Metric.DataCase switch
    {
        Metric.DataOneofCase.Gauge => Metric.Gauge.Points.Sum(ValueOf),
        Metric.DataOneofCase.Sum => Metric.Sum.Points.Sum(ValueOf),
        Metric.DataOneofCase.Histogram => Metric.Histogram.Points.Sum(point => (double)point.Count),
        _ => 0,
    };

    private static double ValueOf(NumberDataPoint point) =>
        point.ValueCase == NumberDataPoint.ValueOneofCase.AsInt ? point.AsInt : point.AsDouble;
}

internal static class Resources
{
    public static string ServiceName(this Resource resource) =>
        resource.Attributes.SingleOrDefault(attribute => attribute.Key == "service.name")?.Value.StringValue ?? "";
}
