using System.Text.Json.Nodes;

namespace ImageEditor.Converters.Descriptors;

/// <summary>A line of text; without it, it is empty.</summary>
/// <param name="name">Its name in the query string.</param>
/// <param name="title">Its name for people.</param>
/// <param name="description">What it changes.</param>
/// <param name="maxLength">How many characters (Unicode's scalar values) it may have at most.</param>
public sealed class TextParameter(string name, string title, string description, int maxLength)
    : Parameter<string>(name, title, description, "")
{
    private protected override string Allowed => $"a line of at most {maxLength} characters";

    private protected override void Describe(JsonObject schema)
    {
        schema["type"] = "string";
        schema["maxLength"] = maxLength;
        schema["default"] = "";
    }

    private protected override bool TryRead(string text, out string value)
    {
        value = text;
        return text.EnumerateRunes().Count() <= maxLength && !text.Any(char.IsControl);
    }
}
