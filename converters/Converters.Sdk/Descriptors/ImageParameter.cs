using System.Text.Json.Nodes;

namespace ImageEditor.Converters.Descriptors;

/// <summary>A parameter that is itself an image, and travels as a part of <c>multipart/form-data</c>; it may be left out.</summary>
/// <param name="name">The name of the part.</param>
/// <param name="title">Its name for people.</param>
/// <param name="description">What it changes.</param>
public sealed class ImageParameter(string name, string title, string description) : Parameter(name, title, description)
{
    private protected override void Describe(JsonObject schema)
    {
        schema["type"] = "string";
        schema["format"] = "binary";
        schema["contentMediaType"] = "image/*";
    }
}
