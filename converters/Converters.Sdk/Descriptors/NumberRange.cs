using System.Globalization;
using System.Text.Json.Nodes;

namespace ImageEditor.Converters.Descriptors;

/// <summary>The numbers that a parameter may have.</summary>
/// <param name="Minimum">The smallest value, included.</param>
/// <param name="Maximum">The largest value, included.</param>
/// <param name="Step">Values are multiples of this; null for any number.</param>
internal readonly record struct NumberRange(double Minimum, double Maximum, double? Step)
{
    /// <summary>How far a value may be from a multiple of the step, in steps: 0.3 is a multiple of 0.1, but not in binary.</summary>
    private const double Tolerance = 1e-9;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(Step == 1 ? "a whole number" : "a number")} from {Minimum} to {Maximum}"
        + $"{(Step is { } step and not 1 ? $" in steps of {step}" : "")}");

    public void Describe(JsonObject schema, double? @default, string? unit)
    {
        schema["type"] = "number";
        schema["minimum"] = Minimum;
        schema["maximum"] = Maximum;
        if (@default is { } value)
        {
            schema["default"] = value;
        }

        if (Step is { } step)
        {
            schema["multipleOf"] = step;
        }

        if (unit is not null)
        {
            schema["x-unit"] = unit;
        }
    }

    public bool TryRead(string text, out double value) =>
        double.TryParse(
            text,
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture,
            out value)
        && value >= Minimum
        && value <= Maximum
        && (Step is not { } step || Math.Abs(value / step - Math.Round(value / step)) <= Tolerance);
}
