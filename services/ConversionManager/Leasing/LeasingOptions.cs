using System.ComponentModel.DataAnnotations;

namespace ImageEditor.ConversionManager.Leasing;

/// <summary>Settings of conversions and saves alike; section <c>Conversions</c> of the configuration.</summary>
internal sealed class LeasingOptions
{
    public const string Section = "Conversions";

    /// <summary>How long work in progress may continue when the process has to stop; then it is released to another process.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan ShutdownGrace { get; set; } = TimeSpan.FromSeconds(15);
}
