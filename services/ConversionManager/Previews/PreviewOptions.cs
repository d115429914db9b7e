using System.ComponentModel.DataAnnotations;

namespace ImageEditor.ConversionManager.Previews;

/// <summary>Limits of previews; section <c>Previews</c> of the configuration.</summary>
internal sealed class PreviewOptions
{
    public const string Section = "Previews";

    /// <summary>How many bytes an image may have.</summary>
    [Range(1024, 1 << 30)]
    public int MaxImageBytes { get; set; } = 1_000_000;

    /// <summary>How many pixels an image may have, summed over all frames.</summary>
    [Range(1, 50_000_000)]
    public int MaxPixels { get; set; } = 500_000;

    /// <summary>How long a preview may take, from the image's arrival to the result.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>How long a copy to display may take, of a picture of any size.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan DisplayTimeout { get; set; } = TimeSpan.FromSeconds(20);
}
