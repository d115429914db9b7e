namespace Aspire.Hosting.Redis;

/// <summary>How to run a server that speaks the Redis protocol.</summary>
public sealed record RedisServerOptions
{
    /// <summary>The port on 127.0.0.1.</summary>
    public required int Port { get; init; }

    /// <summary>The password that clients need.</summary>
    public required string Password { get; init; }

    /// <summary>Where the data lives, and the configuration with the password in it.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The memory for data, in bytes. Garnet gets the next power of two.</summary>
    public long MemoryBytes { get; init; } = 2L * 1024 * 1024 * 1024;

    /// <summary>Which server.</summary>
    public RedisServerKind Server { get; init; } = RedisServerKind.Auto;

    /// <summary>Redis and Valkey: snapshots besides the append-only file, as <c>seconds changes</c>; null for none.</summary>
    public string? Save { get; init; }
}
