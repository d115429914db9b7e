using System.Globalization;
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
    /// <summary>How far a value may be from a multiple of the step, in steps: 0.3 is a multiple of 0.1, but not in binary.</summary>
    private const double Tolerance = 1e-9;

    /// <summary>Values are multiples of this; null for any number.</summary>
    public double? Step { get; init; }

    private protected override string Allowed => string.Create(
        CultureInfo.InvariantCulture,
        $"{(Step == 1 ? "a whole number" : "a number")} from {minimum} to {maximum}"
        + $"{(Step is { } step and not 1 ? $" in steps of {step}" : "")}");

    private protected override void Describe(JsonObject schema)
    {
        schema["type"] = "number";
        schema["minimum"] = minimum;
        schema["maximum"] = maximum;
        schema["default"] = Default;
        if (Step is { } step)
        {
            schema["multipleOf"] = step;
        }
    }

    private protected override bool TryRead(string text, out double value) =>
        double.TryParse(
            text,
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture,
            out value)
        && value >= minimum
        && value <= maximum
        && (Step is not { } step || Math.Abs(value / step - Math.Round(value / step)) <= Tolerance);
}
