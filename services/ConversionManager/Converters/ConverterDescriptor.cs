using System.Text.Json;

namespace ImageEditor.ConversionManager.Converters;

/// <summary>What a converter says of itself at <c>GET /descriptor</c>.</summary>
/// <param name="Name">The name it is called by.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Description">What it does, in a sentence or two.</param>
/// <param name="Public">Whether clients may ask for it; the thumbnail maker, for one, is internal.</param>
/// <param name="Accelerator">Whether it runs better with a GPU.</param>
/// <param name="Device">What it runs on, where that is a choice: <c>cpu</c> or <c>cuda</c>.</param>
/// <param name="Formats">The media types it reads and writes.</param>
/// <param name="Parameters">A JSON Schema of type object, a property per parameter.</param>
/// <param name="Result">How large results are; null when it does not say.</param>
/// <param name="Category">What it changes: <c>adjust</c>, <c>geometry</c>, <c>effect</c>, <c>neural</c> or <c>file</c>.</param>
/// <param name="Version">The next whole number when its parameters change, or what it makes of a picture.</param>
/// <param name="Lossless">
/// Whether it can answer without loss (<c>format=lossless</c>), as another step needs it. Null from one that knows nothing of recipes,
/// nor of the parameter <c>as</c>.
/// </param>
internal sealed record ConverterDescriptor(
    string Name,
    string Title,
    string Description,
    bool Public,
    bool Accelerator,
    string? Device,
    ConverterFormats Formats,
    JsonElement Parameters,
    ResultSize? Result = null,
    string? Category = null,
    int? Version = null,
    bool? Lossless = null);

/// <summary>The media types a converter reads and writes.</summary>
internal sealed record ConverterFormats(IReadOnlyList<string> Input, IReadOnlyList<string> Output);
