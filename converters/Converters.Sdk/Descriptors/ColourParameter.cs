using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ImageEditor.Converters.Descriptors;

/// <summary>A colour of sRGB, written as in HTML: <c>#1e90ff</c>.</summary>
/// <param name="name">Its name in the query string.</param>
/// <param name="title">Its name for people.</param>
/// <param name="description">What it changes.</param>
/// <param name="default">The value when none is given.</param>
public sealed partial class ColourParameter(string name, string title, string description, string @default)
    : Parameter<string>(name, title, description, @default)
{
    private const string Pattern = "^#[0-9a-fA-F]{6}$";

    private protected override string Allowed => "a colour such as #1e90ff (in an address, # is written %23)";

    private protected override void Describe(JsonObject schema)
    {
        schema["type"] = "string";
        schema["format"] = "color";
        schema["pattern"] = Pattern;
        schema["default"] = Default;
    }

    private protected override bool TryRead(string text, out string value)
    {
        value = text;
        return Form().IsMatch(text);
    }

    [GeneratedRegex(Pattern)]
    private static partial Regex Form();
}
