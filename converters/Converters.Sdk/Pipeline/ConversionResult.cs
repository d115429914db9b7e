using System.Text.Json.Nodes;
using ImageEditor.Converters.Images;

namespace ImageEditor.Converters.Pipeline;

/// <summary>A converted picture.</summary>
/// <param name="File">The encoded picture, from its first byte.</param>
/// <param name="Format">What it is encoded as.</param>
/// <param name="Info">What the converter found, empty if nothing.</param>
/// <param name="Original">What the recipe's original was, where another converter goes on with it.</param>
internal sealed record ConversionResult(MemoryStream File, ImageFormat Format, JsonObject Info, OriginalFile? Original = null)
{
    public ReadOnlyMemory<byte> Bytes => File.GetBuffer().AsMemory(0, (int)File.Length);
}
