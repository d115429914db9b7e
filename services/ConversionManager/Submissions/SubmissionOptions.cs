using System.ComponentModel.DataAnnotations;

namespace ImageEditor.ConversionManager.Submissions;

/// <summary>Limits of what is submitted; section <c>Conversions</c> of the configuration.</summary>
internal sealed class SubmissionOptions
{
    public const string Section = "Conversions";

    /// <summary>How many bytes a submitted image may have.</summary>
    [Range(1024, 1 << 30)]
    public int MaxImageBytes { get; set; } = 5_000_000;

    /// <summary>How many bytes of uploads this process may keep in memory at once.</summary>
    [Range(1 << 20, 1L << 40)]
    public long UploadMemoryBytes { get; set; } = 256L << 20;

    /// <summary>How long an upload may take.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan UploadTimeout { get; set; } = TimeSpan.FromMinutes(2);
}
