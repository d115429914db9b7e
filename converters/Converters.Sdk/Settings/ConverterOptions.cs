using System.ComponentModel.DataAnnotations;

namespace ImageEditor.Converters.Settings;

/// <summary>
/// Limits of a converter: section <c>Converter</c> of the configuration (<c>Converter__Threads=2</c> in the environment).
/// </summary>
internal sealed class ConverterOptions
{
    public const string Section = "Converter";

    /// <summary>
    /// Conversions at once in this process; one more is answered 503 <c>full</c>, from which ConversionManager learns how many to send.
    /// </summary>
    [Range(1, 1024)]
    public int ConcurrentRequests { get; set; } = Math.Clamp(Environment.ProcessorCount, 4, 8);

    /// <summary>Threads of libvips for each conversion, beside the one that decodes or encodes.</summary>
    [Range(1, 1024)]
    public int Threads { get; set; } = 1;

    /// <summary>How long one conversion may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Bytes of a request's body, all images together.</summary>
    [Range(1, 1 << 30)]
    public int MaxInputBytes { get; set; } = 64 << 20;

    /// <summary>Bytes of an encoded result.</summary>
    [Range(1, 1 << 30)]
    public int MaxResultBytes { get; set; } = 64 << 20;

    /// <summary>Bytes of a picture between two steps of a recipe, where it is stored without loss.</summary>
    [Range(1, 1 << 30)]
    public int MaxStepBytes { get; set; } = 256_000_000;

    /// <summary>Pixels summed over all frames, of input and result alike.</summary>
    [Range(1, 1_000_000_000)]
    public long MaxPixels { get; set; } = 50_000_000;

    /// <summary>Pixels, for width and height alike; WebP, the narrowest of the formats that are written, ends there.</summary>
    [Range(1, 16_383)]
    public int MaxSide { get; set; } = 16_383;

    /// <summary>Animation frames or pages.</summary>
    [Range(1, 10_000)]
    public int MaxFrames { get; set; } = 300;
}
