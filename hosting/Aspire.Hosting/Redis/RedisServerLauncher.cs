using System.Diagnostics;
using Aspire.Hosting.Processes;

namespace Aspire.Hosting.Redis;

/// <summary>Describes the process of a server that speaks the Redis protocol. Tests of stores start the same server with it.</summary>
public static class RedisServerLauncher
{
    /// <summary>Which server <see cref="RedisServerKind.Auto"/> means on this machine; any other kind is itself.</summary>
    public static RedisServerKind Resolve(RedisServerKind kind) => kind switch
    {
        RedisServerKind.Auto when PathSearch.Find(ClassicServer.RedisProgram) is not null => RedisServerKind.Redis,
        RedisServerKind.Auto when PathSearch.Find(ClassicServer.ValkeyProgram) is not null => RedisServerKind.Valkey,
        RedisServerKind.Auto => RedisServerKind.Garnet,
        _ => kind,
    };

    /// <summary>Describes the process, and writes its configuration into the data folder, readable for its owner only.</summary>
    public static ProcessStartInfo CreateStartInfo(RedisServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Directory.CreateDirectory(options.DataDirectory);
        return Resolve(options.Server) switch
        {
            RedisServerKind.Redis => ClassicServer.Describe(ClassicServer.RedisProgram, options),
            RedisServerKind.Valkey => ClassicServer.Describe(ClassicServer.ValkeyProgram, options),
            _ => GarnetServer.Describe(options),
        };
    }
}
