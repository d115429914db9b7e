using ImageEditor.Converters;
using ImageEditor.Converters.Adjust.Effects;
using ImageEditor.Converters.Adjust.Tones;

Converter.Run(
    args,
    Adjustment.Converter,
    AutoEnhance.Converter,
    Sharpen.Converter,
    Blur.Converter,
    Sepia.Converter,
    Invert.Converter,
    Vignette.Converter);
