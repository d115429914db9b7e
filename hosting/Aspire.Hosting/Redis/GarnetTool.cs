using System.Text.Json;

namespace Aspire.Hosting.Redis;

/// <summary>Finds the local .NET tool that the build restored (GarnetTool.targets).</summary>
internal static class GarnetTool
{
    private const string Tool = "garnet-server";

    /// <summary>The server's assembly. It is run directly and not by <c>dotnet tool run</c>, so that the process is the server's own.</summary>
    public static string FindAssembly()
    {
        var manifest = AssemblyFacts.Find(typeof(GarnetTool).Assembly, "ToolManifest")!;
        var packages = AssemblyFacts.Find(typeof(GarnetTool).Assembly, "ToolPackages")!;
        using var json = JsonDocument.Parse(File.ReadAllText(manifest));
        var version = json.RootElement.GetProperty("tools").GetProperty(Tool).GetProperty("version").GetString()!;
        var folder = Path.Combine(packages, Tool, version, "tools");
        var found = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "GarnetServer.dll", SearchOption.AllDirectories).Order(StringComparer.Ordinal).LastOrDefault() : null;
        return found ?? throw new DistributedApplicationException(
            $"The .NET tool {Tool} {version} is not restored: run 'dotnet tool restore', or install redis-server.");
    }
}
