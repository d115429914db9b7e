using ImageEditor.Converters.Images;
using ImageEditor.Converters.Pipeline;
using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.Converters.Http;

/// <summary>The headers that describe a result, in a response as in a part.</summary>
internal static class ResultHeaders
{
    public static IEnumerable<KeyValuePair<string, string>> Create(ConversionResult result)
    {
        yield return KeyValuePair.Create("Content-Type", result.Format.MediaType());
        if (result.Info.Count > 0)
        {
            // Written as ASCII: JSON escapes the rest.
            yield return KeyValuePair.Create(ServiceHeaders.ResultInfo, result.Info.ToJsonString());
        }

        if (result.Original is { } original)
        {
            yield return KeyValuePair.Create(ServiceHeaders.Original, original.ToString());
        }
    }
}
