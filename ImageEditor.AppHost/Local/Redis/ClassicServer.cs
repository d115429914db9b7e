using System.Globalization;

namespace ImageEditor.AppHost.Local.Redis;

/// <summary>Redis or Valkey: the same configuration.</summary>
internal sealed class ClassicServer : RedisServer
{
    public const string RedisProgram = "redis-server";
    public const string ValkeyProgram = "valkey-server";

    private ClassicServer(string program) => Program = program;

    public override string Program { get; }

    public static ClassicServer? TryFind(string program) => SearchPath.Find(program) is { } path ? new ClassicServer(path) : null;

    public override IReadOnlyList<string> Configure(string folder, int port, string password, long memoryBytes)
    {
        var file = Path.Combine(folder, "redis.conf");
        DataFolder.WritePrivate(file, string.Create(CultureInfo.InvariantCulture, $"""
            bind 127.0.0.1
            port {port}
            requirepass {Quote(password)}
            dir {Quote(Path.GetFullPath(folder))}
            # An acknowledged write is on disk.
            appendonly yes
            appendfsync always
            auto-aof-rewrite-percentage 100
            auto-aof-rewrite-min-size 256mb
            # The append-only file is what a start reads. Pictures are compressed already.
            save ""
            rdbcompression no
            # A full store refuses writes; it drops nothing.
            maxmemory {memoryBytes}
            maxmemory-policy noeviction

            """));
        return [file];
    }

    private static string Quote(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
