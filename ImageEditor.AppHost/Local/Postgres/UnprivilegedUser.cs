namespace ImageEditor.AppHost.Local.Postgres;

/// <summary>PostgreSQL refuses to run as root: as root it runs under a user that may do nothing else.</summary>
internal static class UnprivilegedUser
{
    // "nobody" wherever there is one by that name.
    private const string Nobody = "65534";

    public static bool IsNeeded => !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess;

    /// <summary>Gives the folder and what is in it to the user that owns the content, or to nobody, and says who that is.</summary>
    public static async Task<string> TakeOverAsync(string folder, string content, CancellationToken cancellationToken)
    {
        var owner = Nobody;
        if (Directory.Exists(content))
        {
            var found = await new Command("stat", ["-c", "%u", content]).RunAsync(cancellationToken);
            if (found == "0")
            {
                await new Command("chown", ["-R", $"{Nobody}:{Nobody}", content]).RunAsync(cancellationToken);
            }
            else
            {
                owner = found;
            }
        }

        await GiveAsync(folder, owner, cancellationToken);
        return owner;
    }

    public static Task GiveAsync(string path, string owner, CancellationToken cancellationToken) =>
        new Command("chown", [$"{owner}:{Nobody}", path]).RunAsync(cancellationToken);

    /// <summary>The options of <c>setpriv</c> (util-linux) that make a program run as that user.</summary>
    public static IEnumerable<string> Options(string owner) =>
        [$"--reuid={owner}", $"--regid={Nobody}", "--clear-groups", "--no-new-privs"];

    /// <summary>
    /// The first folder on the way to a file that others than its owner may not enter, or the file if they may not run it; null when all is
    /// open.
    /// </summary>
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
}
