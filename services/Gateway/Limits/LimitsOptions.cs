using System.ComponentModel.DataAnnotations;

namespace ImageEditor.Gateway.Limits;

/// <summary>What one client address, and one signed-in user, may request of one Gateway (configuration section <c>Limits</c>).</summary>
internal sealed class LimitsOptions
{
    public const string Section = "Limits";

    /// <summary>Submitted conversions per second and address.</summary>
    [Range(1, 1_000_000)]
    public int SubmissionsPerSecond { get; set; } = 50;

    /// <summary>Previews per second and address.</summary>
    [Range(1, 1_000_000)]
    public int PreviewsPerSecond { get; set; } = 20;

    /// <summary>Other requests per second and address.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerSecond { get; set; } = 500;

    /// <summary>Requests with a password per minute and address: signing in, registering, changing and deleting an account.</summary>
    [Range(1, 1_000_000)]
    public int CredentialsPerMinute { get; set; } = 20;

    /// <summary>Submitted conversions per second and signed-in user, from all addresses.</summary>
    [Range(1, 1_000_000)]
    public int UserSubmissionsPerSecond { get; set; } = 50;

    /// <summary>Other requests per second and signed-in user, from all addresses.</summary>
    [Range(1, 1_000_000)]
    public int UserRequestsPerSecond { get; set; } = 500;

    /// <summary>Open event streams per address.</summary>
    [Range(1, 100_000)]
    public int MaxEventStreams { get; set; } = 20;

    /// <summary>Submissions per address that wait for their results (<c>Prefer: wait</c>). More are answered without a wait.</summary>
    [Range(1, 100_000)]
    public int MaxWaiters { get; set; } = 20;
}
