using System.Text.Json.Nodes;
using ImageEditor.Converters.Images;

namespace ImageEditor.Converters.Descriptors;

/// <summary>The JSON that <c>GET /descriptor</c> responds with.</summary>
internal static class DescriptorJson
{
    public static JsonObject Create(ConverterDescriptor descriptor, ParameterSet parameters)
    {
        var document = new JsonObject
        {
            ["name"] = descriptor.Name,
            ["title"] = descriptor.Title,
            ["description"] = descriptor.Description,
            ["category"] = descriptor.Category.ToString().ToLowerInvariant(),
            ["version"] = descriptor.Version,
            ["public"] = descriptor.Public,
            ["accelerator"] = descriptor.PrefersGpu,
            ["lossless"] = descriptor.Lossless,
            ["formats"] = new JsonObject
            {
                ["input"] = MediaTypes(),
                ["output"] = descriptor.Format is { } format ? new JsonArray(ImageFormats.Selectable[format].MediaType()) : MediaTypes(),
            },
            ["parameters"] = parameters.Schema(),
        };
        if (descriptor.ResultSize.Describe(descriptor.AddsAlpha) is { } size)
        {
            document["result"] = size;
        }

        if (descriptor.Device is { } device)
        {
            document["device"] = device;
        }

        return document;
    }

    private static JsonArray MediaTypes() => [.. ImageFormats.MediaTypes.Select(type => JsonValue.Create(type))];
}
