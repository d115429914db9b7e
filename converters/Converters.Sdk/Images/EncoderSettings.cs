namespace ImageEditor.Converters.Images;

/// <summary>How a result is encoded, where the defaults are not what is wanted.</summary>
/// <param name="Quality">From 1 to 100, of formats that lose something; null for what each format needs to look as before.</param>
/// <param name="IsForSize">
/// Whether a small file is worth more time, and more than what the input kept: then a WebP is no longer lossless, and colour is stored
/// coarser than brightness.
/// </param>
/// <param name="IsLossless">Whether another converter goes on with it: then nothing is lost, and time counts more than size.</param>
internal sealed record EncoderSettings(int? Quality = null, bool IsForSize = false, bool IsLossless = false);
