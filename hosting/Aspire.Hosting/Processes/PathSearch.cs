namespace Aspire.Hosting.Processes;

/// <summary>Finds programs as a shell does.</summary>
internal static class PathSearch
{
    /// <summary>The full path of a program: as given when it has a folder, on PATH otherwise; null when there is none.</summary>
    public static string? Find(string program, string? workingDirectory = null)
    {
        if (Path.GetFileName(program) != program)
        {
            var path = Path.GetFullPath(program, string.IsNullOrEmpty(workingDirectory) ? Directory.GetCurrentDirectory() : workingDirectory);
            return File.Exists(path) ? path : null;
        }

        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var endings = OperatingSystem.IsWindows() ? new[] { ".exe", ".cmd", "" } : [""];
        return folders.SelectMany(folder => endings.Select(ending => Path.Combine(folder, program + ending))).FirstOrDefault(File.Exists);
    }
}
