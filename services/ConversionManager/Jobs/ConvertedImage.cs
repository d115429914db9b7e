namespace ImageEditor.ConversionManager.Jobs;

/// <summary>A converter's result, found to be a whole image.</summary>
/// <param name="Bytes">The image.</param>
/// <param name="ContentType">Its media type, found from its content.</param>
/// <param name="ResultInfo">What the converter found, JSON, if it says so.</param>
internal sealed record ConvertedImage(ReadOnlyMemory<byte> Bytes, string ContentType, string? ResultInfo)
{
    public const string ResultInfoHeader = "X-Result-Info";
}
