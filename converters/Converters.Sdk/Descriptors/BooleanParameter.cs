using System.Text.Json.Nodes;

namespace ImageEditor.Converters.Descriptors;

/// <summary>Something that is done or not.</summary>
/// <param name="name">Its name in the query string.</param>
/// <param name="title">Its name for people.</param>
/// <param name="description">What it changes.</param>
/// <param name="default">The value when none is given.</param>
public sealed class BooleanParameter(string name, string title, string description, bool @default = false)
    : Parameter<bool>(name, title, description, @default)
{
    private protected override string Allowed => "true or false";

    private protected override void Describe(JsonObject schema)
    {
        schema["type"] = "boolean";
        schema["default"] = Default;
    }

    private protected override bool TryRead(string text, out bool value)
    {
        value = text == "true";
        return text is "true" or "false";
    }
}
