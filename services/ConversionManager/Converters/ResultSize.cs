namespace ImageEditor.ConversionManager.Converters;

/// <summary>What a descriptor says of the size of results. One of the three is told, or the size is not known.</summary>
/// <param name="Scale">How many times as wide and high as the input.</param>
/// <param name="ScaleParameter">The parameter that says how many times.</param>
/// <param name="WidthParameter">The parameter that says how wide at most, in pixels; with <paramref name="HeightParameter"/>.</param>
/// <param name="HeightParameter">The parameter that says how high at most, in pixels.</param>
/// <param name="Alpha">Whether results may be transparent where inputs are not.</param>
/// <param name="WhileDefault">A parameter: where it has another value than its default, the size is not known.</param>
internal sealed record ResultSize(
    double? Scale = null, string? ScaleParameter = null, string? WidthParameter = null, string? HeightParameter = null, bool Alpha = false,
    string? WhileDefault = null);
