using System.ComponentModel.DataAnnotations;

namespace ImageEditor.ConversionManager.Attempts;

/// <summary>Limits of conversions; section <c>Conversions</c> of the configuration.</summary>
internal sealed class AttemptOptions
{
    public const string Section = "Conversions";

    /// <summary>How many bytes a converter's result may have.</summary>
    [Range(1024, 1 << 30)]
    public int MaxResultBytes { get; set; } = 64_000_000;

    /// <summary>How many conversions by one converter this process runs at once, at most. How many it does run is learnt.</summary>
    [Range(1, 1024)]
    public int MaxSlots { get; set; } = 64;

    /// <summary>How long one try at a conversion may take.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(15);
}
