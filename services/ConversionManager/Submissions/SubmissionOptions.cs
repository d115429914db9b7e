using System.ComponentModel.DataAnnotations;

namespace ImageEditor.ConversionManager.Submissions;

/// <summary>Limits of what is submitted; section <c>Conversions</c> of the configuration.</summary>
internal sealed class SubmissionOptions
{
    public const string Section = "Conversions";

    /// <summary>How many bytes an image sent in may have.</summary>
    [Range(1024, 1 << 30)]
    public int MaxImageBytes { get; set; } = 5_000_000;

    /// <summary>How many bytes of images on their way in this process may hold at a time.</summary>
    [Range(1 << 20, 1L << 40)]
    public long UploadMemoryBytes { get; set; } = 256L << 20;

    /// <summary>How long sending an image in may take.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan UploadTimeout { get; set; } = TimeSpan.FromMinutes(2);
}
