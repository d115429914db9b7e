using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ImageEditor.StorageManager.Tests.Support;

/// <summary>A picture as a save brings it. Its bytes are random, since nothing here looks into images.</summary>
internal sealed record TestPicture(string JobId)
{
    public DateTime CreatedAt { get; init; } = DateTime.UtcNow;

    public string Converter { get; init; } = "contrast";

    public string? Name { get; init; }

    /// <summary>All its steps, JSON; null as a conversion manager says it that knows of one only.</summary>
    public string? Recipe { get; init; }

    public byte[] Original { get; init; } = Bytes(3_000);

    public byte[] Converted { get; init; } = Bytes(5_000);

    public string ConvertedType { get; init; } = "image/png";

    public byte[]? Thumbnail { get; init; } = Bytes(700);

    public string OriginalType { get; init; } = "image/jpeg";

    /// <summary>A copy of the original that browsers show.</summary>
    public byte[]? Display { get; init; }

    public static string NewJob() => "p0-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public static TestPicture New() => new(NewJob());

    public static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        Random.Shared.NextBytes(bytes);
        return bytes;
    }

    public string Metadata()
    {
        var thumbnail = Thumbnail is null ? "" : """, "thumbnail": { "width": 160, "height": 120 }""";
        var display = Display is null ? "" : """, "display": { "width": 200, "height": 150 }""";
        var recipe = Recipe is null ? "" : $", \"recipe\": {Recipe}";
        var name = Name is null ? "" : $", \"name\": {JsonSerializer.Serialize(Name)}";
        return $$"""
            { "createdAt": "{{CreatedAt:O}}", "converter": "{{Converter}}", "parameters": { "amount": 40, "format": "png" },
              "original": { "width": 640, "height": 480 }, "converted": { "width": 320, "height": 240 }{{thumbnail}}{{display}}{{recipe}}{{name}} }
            """;
    }

    /// <summary>The body of a save.</summary>
    public MultipartFormDataContent Form()
    {
        var form = new MultipartFormDataContent
        {
            { new StringContent(Metadata(), Encoding.UTF8, "application/json"), "metadata" },
            { Image(Original, OriginalType), "original" },
            { Image(Converted, ConvertedType), "converted" },
        };
        if (Thumbnail is not null)
        {
            form.Add(Image(Thumbnail, "image/webp"), "thumbnail");
        }

        if (Display is not null)
        {
            form.Add(Image(Display, "image/jpeg"), "display");
        }

        return form;
    }

    public static ByteArrayContent Image(byte[] bytes, string type)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new(type);
        return content;
    }
}
