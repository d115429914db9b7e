using System.ComponentModel.DataAnnotations;

namespace ImageEditor.ConversionManager.Attempts;

/// <summary>Limits of conversions; section <c>Conversions</c> of the configuration.</summary>
internal sealed class AttemptOptions
{
    public const string Section = "Conversions";

    /// <summary>How many bytes a converter's result may have.</summary>
    [Range(1024, 1 << 30)]
    public int MaxResultBytes { get; set; } = 64_000_000;

    /// <summary>How many conversions this process runs at once in one program of converters, at most. How many it does run is learnt.</summary>
    [Range(1, 1024)]
    public int MaxSlots { get; set; } = 64;

    /// <summary>How long one try at a conversion may take.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How many jobs of several steps this process runs at once: each holds pictures between its steps.</summary>
    [Range(1, 1024)]
    public int MaxRecipes { get; set; } = 4;

    /// <summary>How many bytes a picture may have between two steps. Pictures that are not small are in files then.</summary>
    [Range(1024, 1 << 30)]
    public int MaxStepBytes { get; set; } = 256_000_000;

    /// <summary>
    /// Where such files are, a folder that exists; they have no names there, and go with the process. Empty for the system's temporary
    /// folder.
    /// </summary>
    public string StepDirectory { get; set; } = "";

    /// <summary>How long a job waits between two steps for a converter that is down, until it returns to the queue.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan MaxStepWait { get; set; } = TimeSpan.FromMinutes(10);
}
