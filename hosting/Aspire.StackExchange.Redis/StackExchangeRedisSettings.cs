namespace Aspire.StackExchange.Redis;

/// <summary>Settings of a client, from <c>Aspire:StackExchange:Redis</c> and then <c>Aspire:StackExchange:Redis:{connection name}</c>.</summary>
public sealed class StackExchangeRedisSettings
{
    /// <summary>The connection string.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Whether there is no health check.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Whether there are no traces. Here there are none in any case: the package that makes them is not on the feed.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>Whether the connection is made at first use, and not when the service starts.</summary>
    public bool DisableAutoActivation { get; set; } = true;
}
