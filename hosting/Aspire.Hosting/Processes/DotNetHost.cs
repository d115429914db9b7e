using System.Runtime.InteropServices;

namespace Aspire.Hosting.Processes;

/// <summary>The <c>dotnet</c> that this process runs on: children run on the same.</summary>
internal static class DotNetHost
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        // The runtime is in {root}/shared/Microsoft.NETCore.App/{version}/.
        var root = System.IO.Path.GetFullPath("../../..", RuntimeEnvironment.GetRuntimeDirectory());
        var host = System.IO.Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        return File.Exists(host) ? host : "dotnet";
    }
}
