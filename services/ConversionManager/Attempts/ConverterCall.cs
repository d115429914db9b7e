using ImageEditor.ConversionManager.Converters;

namespace ImageEditor.ConversionManager.Attempts;

/// <summary>Whom a call is for, and what it asks for.</summary>
/// <param name="Converter">The converter.</param>
/// <param name="Query">Its parameters.</param>
/// <param name="IsInner">Whether another step follows: then the result is one that loses nothing, and it may be larger.</param>
/// <param name="IsPreview">
/// Whether nothing is lost by giving up: then the call is made once, and nothing is learnt from it about the converter's slots.
/// </param>
internal sealed record ConverterCall(Converter Converter, QueryString Query, bool IsInner = false, bool IsPreview = false);
