namespace ImageEditor.Testing;

/// <summary>The machine's own Chromium: Playwright's is not downloaded.</summary>
public static class Chromium
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    /// <summary>The program's path.</summary>
    /// <exception cref="FileNotFoundException">There is none; eng/test.sh installs it.</exception>
    public static string Path { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
            .SelectMany(folder => Names.Select(name => System.IO.Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException("No Chromium on the PATH. Install it: apt-get install chromium");
}
