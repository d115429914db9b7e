namespace Aspire.Hosting.Redis;

/// <summary>Which server stands for Redis on this machine.</summary>
public enum RedisServerKind
{
    /// <summary>Redis, Valkey or Garnet: the first that is there. Garnet always is, by the build.</summary>
    Auto,

    /// <summary><c>redis-server</c> on PATH.</summary>
    Redis,

    /// <summary><c>valkey-server</c> on PATH.</summary>
    Valkey,

    /// <summary>The .NET tool <c>garnet-server</c>.</summary>
    Garnet,
}
