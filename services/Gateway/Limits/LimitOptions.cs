using System.ComponentModel.DataAnnotations;

namespace ImageEditor.Gateway.Limits;

/// <summary>How much one client address, and one signed-in user, may ask of one Gateway; section <c>Limits</c> of the configuration.</summary>
internal sealed class LimitOptions
{
    public const string Section = "Limits";

    /// <summary>Conversions handed in per second.</summary>
    [Range(1, 1_000_000)]
    public int SubmissionsPerSecond { get; set; } = 50;

    /// <summary>Everything else per second.</summary>
    [Range(1, 1_000_000)]
    public int ReadsPerSecond { get; set; } = 500;

    /// <summary>Attempts per minute at what takes a password: signing in, making an account, changing or deleting it.</summary>
    [Range(1, 1_000_000)]
    public int CredentialsPerMinute { get; set; } = 20;

    /// <summary>Conversions that one signed-in user may hand in per second, from whatever addresses.</summary>
    [Range(1, 1_000_000)]
    public int UserSubmissionsPerSecond { get; set; } = 50;

    /// <summary>Everything else that one signed-in user may ask per second.</summary>
    [Range(1, 1_000_000)]
    public int UserReadsPerSecond { get; set; } = 500;

    /// <summary>Event streams open at once.</summary>
    [Range(1, 100_000)]
    public int Streams { get; set; } = 20;

    /// <summary>Bytes of a request's body; the services behind have narrower limits of their own.</summary>
    [Range(1024, 1L << 32)]
    public long MaxRequestBytes { get; set; } = 20_000_000;
}
