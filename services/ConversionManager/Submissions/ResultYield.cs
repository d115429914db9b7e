using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.ImageInspection.Containers;

namespace ImageEditor.ConversionManager.Submissions;

/// <summary>The most bytes that a result can have: the job manager keeps so much room for it while the job runs.</summary>
internal static class ResultYield
{
    /// <summary>What the worst encoder makes of noise: a little more than its pixels.</summary>
    private const double Expansion = 1.1;

    /// <summary>Bytes of a container's headers, small profiles included that converters make themselves.</summary>
    private const int FileOverhead = 64 << 10;

    /// <summary>Bytes of a frame's headers and palette.</summary>
    private const int FrameOverhead = 2 << 10;

    /// <summary>Computes it from what the converter says and the input is.</summary>
    /// <param name="descriptor">The converter's.</param>
    /// <param name="parameters">Those that were given.</param>
    /// <param name="input">The picture to convert.</param>
    /// <param name="inputBytes">How many bytes that has.</param>
    /// <param name="maxBytes">What any result may have.</param>
    public static int Compute(
        ConverterDescriptor descriptor, JsonObject parameters, ImageInfo input, int inputBytes, int maxBytes) =>
        Compute([(descriptor, parameters)], input, inputBytes, maxBytes);

    /// <summary>Computes it of several steps.</summary>
    /// <param name="steps">What each converter says, and the parameters that were given.</param>
    /// <param name="input">The picture to convert.</param>
    /// <param name="inputBytes">How many bytes that has.</param>
    /// <param name="maxBytes">What any result may have.</param>
    public static int Compute(
        IReadOnlyList<(ConverterDescriptor Descriptor, JsonObject Parameters)> steps, ImageInfo input, int inputBytes, int maxBytes)
    {
        // What one step does not tell, a later one may: a size in pixels, for one.
        double? known = (double)input.Width * input.Height * input.Frames;
        foreach (var (descriptor, parameters) in steps)
        {
            known = descriptor.Result is { } size && IsDefault(descriptor, size.WhileDefault, parameters)
                ? PixelsOf(descriptor, size, parameters, input.Frames, known)
                : null;
        }

        if (known is not { } pixels)
        {
            return maxBytes;
        }

        var channels = steps.Any(step => step.Descriptor.Result is null or { Alpha: true })
            ? ImageInfo.ChannelsWithAlpha
            : input.MaxChannels;

        // A TIFF has the profile with each page.
        var profiles = (long)Math.Min(input.MaxProfileBytes ?? inputBytes, ImageRefusal.MaxProfileBytes)
            * (input.Format == ImageFormat.Tiff ? input.Frames : 1);
        var bytes = (pixels * channels * input.MaxBytesPerChannel * Expansion)
            + profiles + ((long)FrameOverhead * input.Frames) + FileOverhead;
        return (int)Math.Min(Math.Ceiling(bytes), maxBytes);
    }

    /// <summary>The most pixels of a result, all frames together; null when that cannot be told.</summary>
    private static double? PixelsOf(
        ConverterDescriptor descriptor, ResultSize size, JsonObject parameters, int frames, double? inputPixels)
    {
        if ((size.Scale ?? NumberOf(size.ScaleParameter)) is { } scale)
        {
            return inputPixels * scale * scale;
        }

        return NumberOf(size.WidthParameter) is { } width && NumberOf(size.HeightParameter) is { } height
            ? width * height * frames
            : null;

        double? NumberOf(string? name) =>
            name is null ? null
            : parameters[name] is { } given ? Parse(given.ToString())
            : DefaultOf(descriptor, name) is { } value ? Parse(value.ToString())
            : null;
    }

    /// <summary>Whether a parameter was not given, or given as its default.</summary>
    private static bool IsDefault(ConverterDescriptor descriptor, string? name, JsonObject parameters) =>
        name is null
        || parameters[name] is not { } given
        || (DefaultOf(descriptor, name) is { } value && JsonNode.DeepEquals(given, JsonNode.Parse(value.GetRawText())));

    private static JsonElement? DefaultOf(ConverterDescriptor descriptor, string name) =>
        descriptor.Parameters.TryGetProperty("properties", out var properties)
        && properties.TryGetProperty(name, out var parameter)
        && parameter.TryGetProperty("default", out var value)
            ? value
            : null;

    private static double? Parse(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0 && double.IsFinite(number)
            ? number
            : null;
}
