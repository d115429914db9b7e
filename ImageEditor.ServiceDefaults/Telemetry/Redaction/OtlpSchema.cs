namespace ImageEditor.ServiceDefaults.Telemetry.Redaction;

/// <summary>The texts in OTLP's schema (opentelemetry-proto 1.x). Field numbers of a released message never change their meaning.</summary>
internal static class OtlpSchema
{
    private const int Name = 1;

    private static readonly OtlpMessage KeyValue = KeyValues();
    private static readonly OtlpMessage Resource = new OtlpMessage().With(1, KeyValue);
    private static readonly OtlpMessage Scope = new OtlpMessage(Name, 2).With(3, KeyValue);

    /// <summary>An export request for traces.</summary>
    public static OtlpMessage Traces { get; } = Request(Span());

    /// <summary>An export request for log records.</summary>
    public static OtlpMessage Logs { get; } = Request(new OtlpMessage(3, 12).With(5, AnyValue(KeyValue)).With(6, KeyValue));

    /// <summary>An export request for measurements.</summary>
    public static OtlpMessage Metrics { get; } = Request(Metric());

    /// <summary>A resource contains scopes, and a scope contains records; both name a schema.</summary>
    private static OtlpMessage Request(OtlpMessage record)
    {
        var scoped = new OtlpMessage(3).With(1, Scope).With(2, record);
        return new OtlpMessage().With(1, new OtlpMessage(3).With(1, Resource).With(2, scoped));
    }

    private static OtlpMessage Span() => new OtlpMessage(3, 5)
        .With(9, KeyValue)
        .With(11, new OtlpMessage(2).With(3, KeyValue))
        .With(13, new OtlpMessage(3).With(4, KeyValue))
        .With(15, new OtlpMessage(2));

    private static OtlpMessage Metric()
    {
        var exemplar = new OtlpMessage().With(7, KeyValue);
        var numbers = new OtlpMessage().With(1, new OtlpMessage().With(5, exemplar).With(7, KeyValue));
        var histogram = new OtlpMessage().With(1, new OtlpMessage().With(8, exemplar).With(9, KeyValue));
        var exponential = new OtlpMessage().With(1, new OtlpMessage().With(1, KeyValue).With(11, exemplar));
        var summary = new OtlpMessage().With(1, new OtlpMessage().With(7, KeyValue));
        return new OtlpMessage(Name, 2, 3)
            .With(5, numbers)
            .With(7, numbers)
            .With(9, histogram)
            .With(10, exponential)
            .With(11, summary)
            .With(12, KeyValue);
    }

    /// <summary>Values contain lists and maps of values.</summary>
    private static OtlpMessage KeyValues()
    {
        var key = new OtlpMessage(1);
        key.With(2, AnyValue(key));
        return key;
    }

    private static OtlpMessage AnyValue(OtlpMessage keyValue)
    {
        var value = new OtlpMessage(1, 7);
        return value.With(5, new OtlpMessage().With(1, value)).With(6, new OtlpMessage().With(1, keyValue));
    }
}
