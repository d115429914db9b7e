namespace ImageEditor.Converters.Descriptors;

/// <summary>How a converter describes itself at <c>GET /descriptor</c>.</summary>
/// <param name="Name">The name in requests: lower-case letters, digits and hyphens.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Description">What it does, in a sentence or two.</param>
public sealed record ConverterDescriptor(string Name, string Title, string Description)
{
    /// <summary>What kind of change it makes.</summary>
    public required ConverterCategory Category { get; init; }

    /// <summary>From 1; the next whole number when its parameters change, or what it makes of a picture.</summary>
    public required int Version { get; init; }

    /// <summary>Whether clients may ask for it, or only services.</summary>
    public bool Public { get; init; } = true;

    /// <summary>Whether it runs better with a GPU.</summary>
    public bool PrefersGpu { get; init; }

    /// <summary>What it runs on, where that is a choice: <c>cpu</c> or <c>cuda</c>; null where it is none.</summary>
    public string? Device { get; init; }

    /// <summary>
    /// What every result is encoded as: jpeg, png, webp or avif. Null lets the caller choose by the parameter <c>format</c>; without that
    /// the input's format is kept.
    /// </summary>
    public string? Format { get; init; }

    /// <summary>How large its results are; at most as wide and high as the input, if nothing else is said.</summary>
    public ResultSize ResultSize { get; init; } = ResultSize.SameAsInput;

    /// <summary>Whether results may be transparent where the input is not.</summary>
    public bool AddsAlpha { get; init; }

    /// <summary>
    /// Whether its results can go on to another converter without loss (<c>format=lossless</c>): not of one that makes the file itself.
    /// </summary>
    public bool Lossless { get; init; } = true;

    /// <summary>
    /// Its own parameters, in the order of the form. A converter without a <see cref="Format"/> also has the parameter <c>format</c>.
    /// </summary>
    public IReadOnlyList<Parameter> Parameters { get; init; } = [];
}
