using System.Text.Json.Nodes;
using ImageEditor.Converters.Images;
using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.Converters.Http;

/// <summary>A converted picture.</summary>
/// <param name="File">The encoded picture, from its first byte.</param>
/// <param name="Format">What it is encoded as.</param>
/// <param name="Info">What the converter found, empty if nothing.</param>
internal sealed record Result(MemoryStream File, ImageFormat Format, JsonObject Info)
{

    /// <summary>The headers that describe it, in a response as in a part.</summary>
    public IEnumerable<KeyValuePair<string, string>> Headers()
    {
        yield return KeyValuePair.Create("Content-Type", Format.MediaType());
        if (Info.Count > 0)
        {
            // Written as ASCII: JSON escapes the rest.
            yield return KeyValuePair.Create(ServiceHeaders.ResultInfo, Info.ToJsonString());
        }
    }

    public ReadOnlyMemory<byte> Bytes => File.GetBuffer().AsMemory(0, (int)File.Length);
}
