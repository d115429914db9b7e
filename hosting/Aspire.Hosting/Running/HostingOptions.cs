using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Running;

/// <summary>Configuration of the AppHost itself, section <c>Hosting</c>.</summary>
internal sealed class HostingOptions
{
    /// <summary>Where data, secrets and logs live; <c>.data</c> at the repository's root when null.</summary>
    public string? DataDirectory { get; set; }

    /// <summary>Where log files go; <c>logs</c> in the data when null.</summary>
    public string? LogDirectory { get; set; }

    /// <summary>How long a process may take to end after SIGTERM before it is killed, in seconds.</summary>
    public double GracePeriodSeconds { get; set; } = 30;

    public static HostingOptions From(IConfiguration configuration) =>
        configuration.GetSection("Hosting").Get<HostingOptions>() ?? new HostingOptions();
}
