using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;

namespace ImageEditor.Tests.Hosting.Support;

/// <summary>The AppHost of Programs/TestAppHost as a process of its own.</summary>
internal sealed class AppHostProcess : IAsyncDisposable
{
    private const string Healthy = "all resources are healthy";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string _run = Guid.NewGuid().ToString("N");
    private readonly ConcurrentQueue<string> _lines = [];
    private readonly Process _process;

    private AppHostProcess(string[] prefix, string dataFolder, string[] args)
    {
        string[] command = [.. prefix, "dotnet", Path.Combine(AppContext.BaseDirectory, "TestAppHost.dll"), $"--Hosting:DataDirectory={dataFolder}", .. args];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Children inherit it: so they are found, whoever their parent is by then.
        start.Environment["HOSTING_TESTS_RUN"] = _run;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, e) => _lines.Enqueue(e.Data ?? "");
        _process.ErrorDataReceived += (_, e) => _lines.Enqueue(e.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output => string.Join('\n', _lines);

    public int Id => _process.Id;

    public int ExitCode => _process.ExitCode;

    public static AppHostProcess Start(string dataFolder, params string[] args) => new([], dataFolder, args);

    /// <summary>Starts it by another program, which takes its command line.</summary>
    public static AppHostProcess StartBy(string[] prefix, string dataFolder, params string[] args) => new(prefix, dataFolder, args);

    public async Task HealthyAsync()
    {
        await Until.TrueAsync("all is healthy", Limit, () => _process.HasExited || Output.Contains(Healthy, StringComparison.Ordinal));
        Assert.Contains(Healthy, Output, StringComparison.Ordinal);
    }

    public async Task ExitedAsync(TimeSpan limit)
    {
        using var deadline = new CancellationTokenSource(limit);
        await _process.WaitForExitAsync(deadline.Token);
    }

    public void Kill() => _process.Kill();

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{Id}"]);
        kill.WaitForExit();
    }

    /// <summary>The command line of every process that it started and that lives, by process id.</summary>
    public Dictionary<int, string> Descendants()
    {
        var found = new Dictionary<int, string>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            try
            {
                if (int.TryParse(Path.GetFileName(folder), out var id)
                    && id != Id
                    && File.ReadAllText(Path.Combine(folder, "environ"), Encoding.Latin1).Contains(_run, StringComparison.Ordinal))
                {
                    found[id] = File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ');
                }
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // It ended while it was looked at.
            }
        }

        return found;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await Until.TrueAsync("nothing is left", Limit, () => Descendants().Count == 0);
        _process.Dispose();
    }
}
