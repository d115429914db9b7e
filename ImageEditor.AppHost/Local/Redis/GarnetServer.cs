using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Text.Json;

namespace ImageEditor.AppHost.Local.Redis;

/// <summary>
/// Garnet, a local .NET tool that the build restores (GarnetTool.targets). Each of its flags matters; docs/job-store.md says why.
/// </summary>
internal sealed class GarnetServer : RedisServer
{
    private const string Tool = "garnet-server";

    // Looked for when the server is chosen, so that a missing one fails the start in a sentence.
    private readonly string _assembly = FindAssembly();

    public override string Program => "dotnet";

    public override IReadOnlyList<string> Configure(string folder, int port, string password, long memoryBytes)
    {
        var file = Path.Combine(folder, "garnet.json");
        DataFolder.WritePrivate(file, JsonSerializer.Serialize(new { AuthenticationMode = "Password", Password = password }));
        return [_assembly, "--config-import-path", file, .. Flags(folder, port, memoryBytes)];
    }

    private static IEnumerable<string> Flags(string folder, int port, long memoryBytes) =>
    [
        "-q",
        "--bind", "127.0.0.1",
        "--port", Text(port),

        // Scripts are atomic only so, and only for the keys that they declare.
        "--lua", "--lua-transaction-mode",

        // An acknowledged write is on disk, and is there again after a kill.
        "--aof", "--aof-commit-wait", "--recover",
        "--checkpointdir", Path.Combine(folder, "checkpoints"),
        // The default device needs libaio.
        "--device-type", "RandomAccess",
        // With --aof-commit-wait a connection holds a thread: too few of them, and scripts on one key stall for good.
        "--minthreads", "64",

        // Memory counts bytes written, not live ones: without a tier on disk the oldest values vanish by churn, without an error.
        "--memory", Text(BitOperations.RoundUpToPowerOf2((ulong)memoryBytes)),
        "--storage-tier", "--logdir", Path.Combine(folder, "log"),
        "--segment", "64m",

        // The disk stays bounded: live records move up, and a checkpoint lets whole segments of log and append-only file go.
        "--compaction-type", "Lookup", "--compaction-freq", "10", "--compaction-max-segments", "4",
        "--checkpoint-freq", "15", "--aof-segment-size", "64m",
    ];

    /// <summary>The tool's assembly. It is run itself and not by <c>dotnet tool run</c>, so that the process is the server's own.</summary>
    private static string FindAssembly()
    {
        using var manifest = JsonDocument.Parse(File.ReadAllText(BuildFact("ToolManifest")));
        var version = manifest.RootElement.GetProperty("tools").GetProperty(Tool).GetProperty("version").GetString()!;
        var folder = Path.Combine(BuildFact("ToolPackages"), Tool, version, "tools");
        var found = Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "GarnetServer.dll", SearchOption.AllDirectories).Max(StringComparer.Ordinal)
            : null;
        return found
            ?? throw new DistributedApplicationException(
                $"The .NET tool {Tool} {version} is not restored: run 'dotnet tool restore', or install redis-server.");
    }

    private static string BuildFact(string key) =>
        typeof(GarnetServer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(fact => fact.Key == key).Value!;

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
