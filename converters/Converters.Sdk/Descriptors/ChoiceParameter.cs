using System.Text.Json.Nodes;

namespace ImageEditor.Converters.Descriptors;

/// <summary>One of a few texts.</summary>
/// <param name="name">Its name in the query string.</param>
/// <param name="title">Its name for people.</param>
/// <param name="description">What it changes.</param>
/// <param name="choices">What may be chosen.</param>
/// <param name="default">The value when none is given; null where that means something of its own.</param>
public sealed class ChoiceParameter(string name, string title, string description, IReadOnlyList<string> choices, string? @default = null)
    : Parameter<string?>(name, title, description, @default)
{
    private protected override string Allowed => "one of " + string.Join(", ", choices);

    private protected override void Describe(JsonObject schema)
    {
        schema["type"] = "string";
        schema["enum"] = new JsonArray([.. choices.Select(choice => JsonValue.Create(choice))]);
        if (Default is not null)
        {
            schema["default"] = Default;
        }
    }

    private protected override bool TryRead(string text, out string? value)
    {
        value = text;
        return choices.Contains(text);
    }
}
