using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Aspire.Hosting.Processes;
using Aspire.Hosting.Running;

namespace Aspire.Hosting.Redis;

/// <summary>Garnet, a .NET tool. All of its flags are here; each matters (measured, see the decision records).</summary>
internal static class GarnetServer
{
    public static ProcessStartInfo Describe(RedisServerOptions options)
    {
        // The password goes into a file: the command line shows in ps.
        var file = Path.Combine(options.DataDirectory, "garnet.json");
        DataFolder.WritePrivate(file, JsonSerializer.Serialize(new { AuthenticationMode = "Password", options.Password }));
        return new ProcessStartInfo(DotNetHost.Path, [GarnetTool.FindAssembly(), "--config-import-path", file, .. Flags(options)])
        {
            WorkingDirectory = options.DataDirectory,
        };
    }

    private static IEnumerable<string> Flags(RedisServerOptions options) =>
    [
        "-q",
        "--bind", "127.0.0.1",
        "--port", Text(options.Port),

        // Scripts are atomic only so, and only for the keys that they declare.
        "--lua", "--lua-transaction-mode",

        // An acknowledged write is on disk, and is there again after a kill.
        "--aof", "--aof-commit-wait", "--recover",
        "--checkpointdir", Path.Combine(options.DataDirectory, "checkpoints"),
        // The default device needs libaio.
        "--device-type", "RandomAccess",
        // With --aof-commit-wait a connection holds a thread: too few of them, and scripts on one key stall for good.
        "--minthreads", "64",

        // Memory counts bytes written, not live ones: without a tier on disk the oldest values vanish by churn, without an error.
        "--memory", Text(BitOperations.RoundUpToPowerOf2((ulong)options.MemoryBytes)),
        "--storage-tier", "--logdir", Path.Combine(options.DataDirectory, "log"),
        "--segment", "64m",

        // The disk stays bounded: live records move up, and a checkpoint lets whole segments of log and append-only file go.
        "--compaction-type", "Lookup", "--compaction-freq", "10", "--compaction-max-segments", "4",
        "--checkpoint-freq", "15", "--aof-segment-size", "64m",
    ];

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
