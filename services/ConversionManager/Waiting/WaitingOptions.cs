using System.ComponentModel.DataAnnotations;

namespace ImageEditor.ConversionManager.Waiting;

/// <summary>Limits of clients that wait for their results; section <c>Conversions</c> of the configuration.</summary>
internal sealed class WaitingOptions
{
    public const string Section = "Conversions";

    /// <summary>How many clients may wait for their results in this process at once (<c>Prefer: wait</c>). More get 202.</summary>
    [Range(1, 100_000)]
    public int MaxWaiters { get; set; } = 200;
}
