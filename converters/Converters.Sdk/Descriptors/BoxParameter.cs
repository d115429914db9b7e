using System.Text.Json;
using System.Text.Json.Nodes;

namespace ImageEditor.Converters.Descriptors;

/// <summary>One rectangle on the picture, in all of its frames, written as JSON: <c>[10,20,30,40]</c>; it may be left out.</summary>
/// <param name="name">Its name in the query string.</param>
/// <param name="title">Its name for people.</param>
/// <param name="description">What it changes.</param>
public sealed class BoxParameter(string name, string title, string description) : Parameter<Box?>(name, title, description, null)
{
    private protected override string Allowed => "a box [x,y,width,height] in whole pixels of the upright picture";

    private protected override void Describe(JsonObject schema)
    {
        var form = BoxesParameter.BoxSchema();
        form["format"] = "box";
        foreach (var (name, value) in form)
        {
            schema[name] = value?.DeepClone();
        }
    }

    private protected override bool TryRead(string text, out Box? value)
    {
        value = null;
        try
        {
            using var document = JsonDocument.Parse(text);
            value = BoxesParameter.ReadBox(document.RootElement, frame: null);
            return value is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
