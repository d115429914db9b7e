using System.ComponentModel.DataAnnotations;

namespace ImageEditor.ConversionManager;

/// <summary>Limits and times of conversions; section <c>Conversions</c> of the configuration.</summary>
internal sealed class ConversionOptions
{
    public const string Section = "Conversions";

    /// <summary>How many bytes an image sent in may have.</summary>
    [Range(1024, 1 << 30)]
    public int MaxImageBytes { get; set; } = 5_000_000;

    /// <summary>How many bytes a converter's result may have.</summary>
    [Range(1024, 1 << 30)]
    public int MaxResultBytes { get; set; } = 64_000_000;

    /// <summary>How many bytes of images on their way in this process may hold at a time.</summary>
    [Range(1 << 20, 1L << 40)]
    public long UploadBytes { get; set; } = 256L << 20;

    /// <summary>How long sending an image in may take.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan UploadTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How many conversions by one converter this process runs at once.</summary>
    [Range(1, 256)]
    public int SlotsPerConverter { get; set; } = 2;

    /// <summary>How long one try at a conversion may take.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long conversions in progress may go on after the process was told to stop; the rest goes back to the queue.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan ShutdownGrace { get; set; } = TimeSpan.FromSeconds(15);
}
