using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Pipeline;

namespace ImageEditor.Converters.Geometry;

/// <summary>Widths and heights as parameters.</summary>
internal static class Side
{
    /// <summary>The longest that any format holds.</summary>
    private const int Longest = 16_383;

    public static OptionalNumberParameter Parameter(string name, string title, string description) =>
        new(name, title, description, minimum: 1, maximum: Longest) { Step = 1, Unit = "px" };

    /// <summary>Pixels; null when they were not given.</summary>
    public static int? Get(Conversion conversion, OptionalNumberParameter side) => (int?)conversion.Get(side);
}
