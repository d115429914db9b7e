using System.Text.Json.Nodes;
using ImageEditor.Converters.Images;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http;

namespace ImageEditor.Converters.Descriptors;

/// <summary>A converter's own parameters and <c>format</c>.</summary>
internal sealed class ParameterSet
{
    /// <summary>What a result is encoded as. Every converter without a fixed format has it.</summary>
    private static readonly ChoiceParameter Format = new(
        "format",
        "Format",
        "What the result is saved as; the input's format when left out. JPEG takes the first frame, on white.",
        [.. ImageFormats.Selectable.Keys]);

    /// <summary>How well a result is kept. Every converter without a fixed format has it.</summary>
    private static readonly OptionalNumberParameter Quality = new(
        "quality",
        "Quality",
        "Of a JPEG, a WebP or an AVIF: small files below, fine ones above; what each format needs to look as before when left out.",
        minimum: 1,
        maximum: 100)
    {
        Step = 1,
    };

    /// <summary>A value of <see cref="Format"/> that no schema shows: only services ask for it, between the steps of a recipe.</summary>
    private const string LosslessFormat = "lossless";

    /// <summary>A parameter that no schema shows: with it services say what a recipe's original was.</summary>
    private const string OriginalName = "as";

    private readonly bool _canBeLossless;
    private readonly string? _fixedFormat;
    private readonly IReadOnlyList<Parameter> _all;
    private readonly Dictionary<string, IQueryParameter> _inQuery;

    /// <param name="own">The converter's own.</param>
    /// <param name="fixedFormat">What every result is encoded as; null lets the caller choose.</param>
    /// <param name="canBeLossless">Whether results can go on to another converter.</param>
    /// <exception cref="ArgumentException">There is no such format.</exception>
    public ParameterSet(IReadOnlyList<Parameter> own, string? fixedFormat = null, bool canBeLossless = true)
    {
        if (fixedFormat is not null && !ImageFormats.Selectable.ContainsKey(fixedFormat))
        {
            throw new ArgumentException(
                $"A converter's format is one of {string.Join(", ", ImageFormats.Selectable.Keys)}; it was '{fixedFormat}'.",
                nameof(fixedFormat));
        }

        (_fixedFormat, _canBeLossless) = (fixedFormat, canBeLossless);
        _all = fixedFormat is null ? [.. own, Format, Quality] : [.. own];
        _inQuery = _all.OfType<IQueryParameter>().ToDictionary(parameter => parameter.Name);
        Images = [.. own.OfType<ImageParameter>()];
    }

    /// <summary>Those that travel as parts of a form.</summary>
    public IReadOnlyList<ImageParameter> Images { get; }

    /// <summary>Those that are written in the query string.</summary>
    public IEnumerable<Parameter> InQuery => _all.Where(parameter => parameter is IQueryParameter);

    /// <summary>A JSON Schema of type object, a property per parameter.</summary>
    public JsonObject Schema() => new()
    {
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject(_all.Select(parameter => KeyValuePair.Create(parameter.Name, (JsonNode?)parameter.Schema()))),
    };

    /// <summary>Reads what the query string gives and fills in the rest.</summary>
    /// <exception cref="ProblemException">A parameter is unknown, given twice or not what it must be.</exception>
    public ParameterValues Read(IQueryCollection query)
    {
        var values = _inQuery.Values.ToDictionary(parameter => parameter.Name, parameter => parameter.Default);
        var (isLossless, original) = (false, default(OriginalFile));
        foreach (var (name, texts) in query)
        {
            if (name == OriginalName && !_inQuery.ContainsKey(name))
            {
                original = (texts is [{ } words] ? OriginalFile.Parse(words) : null)
                    ?? throw Refuse(
                        $"The parameter '{OriginalName}' is what another converter said of its input; it was '{Shorten(texts.ToString())}'.");
                continue;
            }

            if (name == Format.Name && _canBeLossless && texts is [LosslessFormat])
            {
                isLossless = true;
                continue;
            }

            if (!_inQuery.TryGetValue(name, out var parameter))
            {
                throw Refuse(Images.Any(image => image.Name == name)
                    ? $"The parameter '{name}' is an image: send the request as multipart/form-data with a part of that name."
                    : $"There is no parameter '{Shorten(name)}' here. {(_all.Count == 0 ? "This converter has none." : UseOnly())}");
            }

            if (texts is not [{ } text] || !parameter.TryRead(text, out var value))
            {
                throw Refuse($"The parameter '{name}' must be {parameter.Allowed}, given once; it was '{Shorten(texts.ToString())}'.");
            }

            values[name] = value;
        }

        values.TryAdd(Format.Name, isLossless ? null : _fixedFormat);
        values.TryAdd(Quality.Name, Quality.Default);

        return new ParameterValues(values) { IsLossless = isLossless, Original = original };
    }

    /// <summary>The format that was asked for; null for the input's.</summary>
    public static ImageFormat? GetFormat(ParameterValues values) =>
        values.Get(Format) is { } name ? ImageFormats.Selectable[name] : null;

    /// <summary>The quality that was asked for; null for the format's own.</summary>
    public static int? GetQuality(ParameterValues values) => (int?)values.Get(Quality);

    private static ProblemException Refuse(string detail) => ProblemTypes.InvalidParameters.Refuse(detail);

    private string UseOnly() => $"Use only: {string.Join(", ", _all.Select(known => known.Name))}.";

    /// <summary>What a sentence can show of a value.</summary>
    private static string Shorten(string text) =>
        string.Concat((text.Length > 40 ? text[..40] + "…" : text).Select(character => char.IsControl(character) ? '\uFFFD' : character));
}
