using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.Running;

namespace Aspire.Hosting.Redis;

/// <summary>Redis or Valkey: the same configuration.</summary>
internal static class ClassicServer
{
    public const string RedisProgram = "redis-server";
    public const string ValkeyProgram = "valkey-server";

    /// <summary>All of the configuration is in a file: the command line shows in <c>ps</c>, and the password must not.</summary>
    public static ProcessStartInfo Describe(string program, RedisServerOptions options)
    {
        var file = Path.Combine(options.DataDirectory, "redis.conf");
        DataFolder.WritePrivate(file, string.Create(CultureInfo.InvariantCulture, $"""
            bind 127.0.0.1
            port {options.Port}
            requirepass {Quote(options.Password)}
            dir {Quote(Path.GetFullPath(options.DataDirectory))}
            # A title would overwrite the environment, by which the watchdog finds processes.
            set-proc-title no
            # An acknowledged write is on disk.
            appendonly yes
            appendfsync always
            auto-aof-rewrite-percentage 100
            auto-aof-rewrite-min-size 64mb
            save {options.Save ?? "\"\""}
            # A full store refuses writes; it drops nothing.
            maxmemory {options.MemoryBytes}
            maxmemory-policy noeviction

            """));
        return new ProcessStartInfo(program, [file]) { WorkingDirectory = options.DataDirectory };
    }

    private static string Quote(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
