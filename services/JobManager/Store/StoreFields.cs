using System.Globalization;
using System.Text.Json;

namespace ImageEditor.JobManager.Store;

/// <summary>Values by name, as a hash of the store holds them or a script returns them. A missing value is the same as an empty
/// one.</summary>
internal sealed class StoreFields(IEnumerable<KeyValuePair<string, string>> values)
{
    private readonly Dictionary<string, string> _values = new(values, StringComparer.Ordinal);

    /// <summary>A text; empty when missing.</summary>
    public string Text(string name) => _values.GetValueOrDefault(name, "");

    /// <summary>A text; null when missing.</summary>
    public string? TextOrNull(string name) => Text(name) is { Length: > 0 } text ? text : null;

    /// <summary>A whole number; 0 when missing.</summary>
    public long Number(string name) => Text(name) is { Length: > 0 } text ? long.Parse(text, CultureInfo.InvariantCulture) : 0;

    /// <summary>JSON; null when missing.</summary>
    public JsonElement? Json(string name) =>
        TextOrNull(name) is { } json ? JsonSerializer.Deserialize<JsonElement>(json) : null;

    /// <summary>Whether the value is 1.</summary>
    public bool Flag(string name) => Text(name) == "1";

    /// <summary>A duration, stored in milliseconds.</summary>
    public TimeSpan Duration(string name) => TimeSpan.FromMilliseconds(Number(name));

    /// <summary>An image that a job refers to; null when it has none.</summary>
    /// <param name="name">The field with the image's blob: <c>input</c>, <c>result</c> or <c>preview</c>.</param>
    /// <param name="type">The field with its media type.</param>
    /// <param name="length">The field with its length in bytes.</param>
    public StoredImage? Image(string name, string type, string length) =>
        TextOrNull(name) is { } blob ? new StoredImage(blob, Text(type), Number(length)) : null;
}
