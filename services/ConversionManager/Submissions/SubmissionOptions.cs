using System.ComponentModel.DataAnnotations;

namespace ImageEditor.ConversionManager.Submissions;

/// <summary>Limits of what is submitted; section <c>Conversions</c> of the configuration.</summary>
internal sealed class SubmissionOptions
{
    public const string Section = "Conversions";

    /// <summary>How many bytes of uploads this process may keep in memory at once.</summary>
    [Range(1 << 20, 1L << 40)]
    public long UploadMemoryBytes { get; set; } = 256L << 20;
}
