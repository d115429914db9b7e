using System.Text.Json.Nodes;

namespace ImageEditor.Converters.Descriptors;

/// <summary>A number within bounds that may be left out, which means something of its own.</summary>
/// <param name="name">Its name in the query string.</param>
/// <param name="title">Its name for people.</param>
/// <param name="description">What it changes, and what happens without it.</param>
/// <param name="minimum">The smallest value, included.</param>
/// <param name="maximum">The largest value, included.</param>
public sealed class OptionalNumberParameter(string name, string title, string description, double minimum, double maximum)
    : Parameter<double?>(name, title, description, null)
{
    /// <inheritdoc cref="NumberParameter.Step"/>
    public double? Step { get; init; }

    /// <inheritdoc cref="NumberParameter.Unit"/>
    public string? Unit { get; init; }

    private protected override string Allowed => Range.ToString();

    private NumberRange Range => new(minimum, maximum, Step);

    private protected override void Describe(JsonObject schema) => Range.Describe(schema, @default: null, Unit);

    private protected override bool TryRead(string text, out double? value)
    {
        var isRead = Range.TryRead(text, out var number);
        value = number;
        return isRead;
    }
}
