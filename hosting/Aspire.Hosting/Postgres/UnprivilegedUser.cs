using System.Diagnostics;
using Aspire.Hosting.Processes;

namespace Aspire.Hosting.Postgres;

/// <summary>PostgreSQL refuses to run as root: as root it runs under a user that may do nothing else.</summary>
internal static class UnprivilegedUser
{
    // "nobody" wherever there is one by that name.
    private const string Nobody = "65534";

    // The user may not enter the folders above the data (.data is its owner's alone), so the open folder is handed over in their place.
    private const string Descriptor = "9";
    private const string Script = $"exec {Descriptor}<\"$1\" && shift && exec \"$@\"";

    public static bool IsNeeded => !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess;

    /// <summary>The folder that is handed over, as the program sees it.</summary>
    public static string FolderSeen => $"/proc/self/fd/{Descriptor}";

    /// <summary>The first folder on the way to a file that others than its owner may not enter, or the file if they may not run it; null when all is open.</summary>
    public static string? FindBarrier(string file)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        string? barrier = null;
        for (var path = Path.GetFullPath(file); path is not null; path = Path.GetDirectoryName(path))
        {
            barrier = (File.GetUnixFileMode(path) & UnixFileMode.OtherExecute) == 0 ? path : barrier;
        }

        return barrier;
    }

    /// <summary>Gives a folder to the user that owns what is in it, or to nobody, and says who that is.</summary>
    public static async Task<string> TakeOverAsync(string folder, string content, StartContext context, CancellationToken cancellationToken)
    {
        var owner = Nobody;
        if (Directory.Exists(content))
        {
            var found = (await context.RunAsync(new ProcessStartInfo("stat", ["-c", "%u", content]), cancellationToken)).Trim();
            if (found == "0")
            {
                await context.RunAsync(new ProcessStartInfo("chown", ["-R", $"{Nobody}:{Nobody}", content]), cancellationToken);
            }
            else
            {
                owner = found;
            }
        }

        await GiveAsync(folder, owner, context, cancellationToken);
        return owner;
    }

    public static Task GiveAsync(string path, string owner, StartContext context, CancellationToken cancellationToken) =>
        context.RunAsync(new ProcessStartInfo("chown", [$"{owner}:{Nobody}", path]), cancellationToken);

    /// <summary>Has a program run as that user, with a folder handed over.</summary>
    public static void RunAs(string owner, ProcessStartInfo start, string folder)
    {
        if (!OperatingSystem.IsLinux() || PathSearch.Find("setpriv") is not { } setPriv)
        {
            throw new DistributedApplicationException(
                "PostgreSQL does not run as root, and this machine has no 'setpriv' (Linux, util-linux) to run it as another user: start the AppHost as an ordinary user.");
        }

        var command = new[] { start.FileName }.Concat(start.ArgumentList).ToList();
        start.FileName = "sh";
        start.ArgumentList.Clear();
        foreach (var arg in (string[])["-c", Script, "sh", folder, setPriv, $"--reuid={owner}", $"--regid={Nobody}", "--clear-groups", "--no-new-privs", .. command])
        {
            start.ArgumentList.Add(arg);
        }
    }
}
