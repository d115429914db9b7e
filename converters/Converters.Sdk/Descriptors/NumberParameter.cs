using System.Text.Json.Nodes;

namespace ImageEditor.Converters.Descriptors;

/// <summary>A number within bounds.</summary>
/// <param name="name">Its name in the query string.</param>
/// <param name="title">Its name for people.</param>
/// <param name="description">What it changes.</param>
/// <param name="minimum">The smallest value, included.</param>
/// <param name="maximum">The largest value, included.</param>
/// <param name="default">The value when none is given.</param>
public sealed class NumberParameter(string name, string title, string description, double minimum, double maximum, double @default)
    : Parameter<double>(name, title, description, @default)
{
    /// <summary>Values are multiples of this; null for any number.</summary>
    public double? Step { get; init; }

    /// <summary>What people read behind the number, such as <c>px</c>; null for nothing.</summary>
    public string? Unit { get; init; }

    private protected override string Allowed => Range.ToString();

    private NumberRange Range => new(minimum, maximum, Step);

    private protected override void Describe(JsonObject schema) => Range.Describe(schema, Default, Unit);

    private protected override bool TryRead(string text, out double value) => Range.TryRead(text, out value);
}
