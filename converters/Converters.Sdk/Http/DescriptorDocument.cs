using System.Text.Json.Nodes;
using ImageEditor.Converters.Images;

namespace ImageEditor.Converters.Http;

/// <summary>The answer to <c>GET /descriptor</c>.</summary>
internal static class DescriptorDocument
{
    public static JsonObject For(ConverterDescriptor descriptor, ParameterSet parameters)
    {
        var document = new JsonObject
        {
            ["name"] = descriptor.Name,
            ["title"] = descriptor.Title,
            ["description"] = descriptor.Description,
            ["public"] = descriptor.Public,
            ["accelerator"] = descriptor.Accelerator,
            ["formats"] = new JsonObject { ["input"] = MediaTypes(), ["output"] = descriptor.Format is { } format ? new JsonArray(ImageFormats.Chosen[format].MediaType()) : MediaTypes() },
            ["parameters"] = parameters.Schema(),
        };
        if (descriptor.Device is { } device)
        {
            document["device"] = device;
        }

        return document;
    }

    private static JsonArray MediaTypes() => [.. ImageFormats.MediaTypes.Select(type => JsonValue.Create(type))];
}
