using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Images;
using ImageEditor.Converters.Pipeline;
using NetVips;

namespace ImageEditor.Converters.Adjust.Tones;

/// <summary>The converter <c>adjust</c>. docs/converters.md has its formulas.</summary>
internal static class Adjustment
{
    private static readonly NumberParameter Exposure = new(
        "exposure", "Exposure", "Each step doubles the light, or halves it.", minimum: -5, maximum: 5, @default: 0)
    {
        Step = 0.1,
        Unit = "EV",
    };

    private static readonly NumberParameter Brightness = Percentage("brightness", "Brightness", "Adds to light and dark alike.");

    private static readonly NumberParameter Contrast = Percentage(
        "contrast", "Contrast", "Above 0 light and dark move apart, below 0 together.");

    private static readonly NumberParameter Highlights = Percentage(
        "highlights", "Highlights", "Above 0 what is light becomes lighter, below 0 darker.");

    private static readonly NumberParameter Shadows = Percentage(
        "shadows", "Shadows", "Above 0 what is dark becomes lighter, below 0 darker.");

    private static readonly NumberParameter Saturation = Percentage(
        "saturation", "Saturation", "Above 0 colours become stronger, below 0 weaker; -100 is grey.");

    private static readonly NumberParameter Temperature = Percentage(
        "temperature", "Temperature", "Above 0 the light becomes warmer, below 0 cooler.");

    private static readonly NumberParameter Tint = Percentage("tint", "Tint", "Above 0 the light becomes more magenta, below 0 greener.");

    private static readonly NumberParameter Gamma = new(
        "gamma",
        "Gamma",
        "Above 1 middle tones become lighter, below 1 darker; black and white stay.",
        minimum: 0.1,
        maximum: 5,
        @default: 1);

    public static readonly ServedConverter Converter = new(
        new ConverterDescriptor("adjust", "Adjust", "Light and colour: exposure, shadows, highlights, saturation, temperature and more.")
        {
            Category = ConverterCategory.Adjust,
            Version = 1,
            Parameters = [Exposure, Brightness, Contrast, Highlights, Shadows, Saturation, Temperature, Tint, Gamma],
        },
        Apply);

    private static NumberParameter Percentage(string name, string title, string description) =>
        new(name, title, description, minimum: -100, maximum: 100, @default: 0)
        {
            Step = 1,
        };

    private static Image Apply(Conversion conversion)
    {
        var tones = new ToneCurve(
            Brightness: conversion.Get(Brightness) / 100,
            Contrast: conversion.Get(Contrast),
            Shadows: conversion.Get(Shadows) / 100,
            Highlights: conversion.Get(Highlights) / 100,
            Gamma: conversion.Get(Gamma));
        var gain = Math.Pow(2, conversion.Get(Exposure));
        var (temperature, tint) = (conversion.Get(Temperature), conversion.Get(Tint));
        var needsColour = temperature != 0 || tint != 0;
        using var image = needsColour ? Colours.ToRgb(conversion.Image) : conversion.Image.Copy();
        if (image.Bands < 3 || (!needsColour && conversion.Get(Saturation) == 0))
        {
            return Curves.Map(image, value => tones.Of(gain == 1 ? value : Light.ToEncoded(Math.Min(1, gain * Light.ToLinear(value)))));
        }

        var matrix = ColourMatrix.Multiply(
            ColourMatrix.Saturation(1 + (conversion.Get(Saturation) / 100)),
            ColourMatrix.Multiply(WhiteBalance.Matrix(temperature, tint), gain));
        using var light = Light.Of(image);
        using var changed = ColourMatrix.Apply(light, matrix);
        return Light.Encode(changed, image, tones.Of);
    }
}
