using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace ImageEditor.Testing.Systems;

/// <summary>The AppHost itself, as a person starts it, on free ports.</summary>
public sealed class AppHostProcess : IAsyncDisposable
{
    private const string Healthy = "All resources are healthy";
    private const string Marker = "APPHOST_TESTS_RUN";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly string _run = Guid.NewGuid().ToString("N");
    private readonly ConcurrentQueue<string> _lines = [];
    private readonly Process _process;

    private AppHostProcess(string data, int port, string dashboard, string[] args)
    {
        Page = new Uri($"http://localhost:{port}");
        var own = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        var program = Path.GetFullPath(
            Path.Combine(own, "..", "..", "ImageEditor.AppHost", Path.GetFileName(own), "ImageEditor.AppHost.dll"));

        // Tests that a script runs in the background ignore SIGINT, and so would this process, which is to be ended by it.
        var start = new ProcessStartInfo(
            "env",
            [
                "--default-signal=INT", "dotnet", program, $"--Local:DataDirectory={data}", $"--Ports:gateway:http={port}",
                $"--Ports:gateway:https={Ports.Free()}", .. args,
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Children inherit it: so they are found, whoever their parent is by then.
        start.Environment[Marker] = _run;
        start.Environment["ASPNETCORE_URLS"] = dashboard;
        start.Environment["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = $"http://localhost:{Ports.Free()}";
        start.Environment["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = $"http://localhost:{Ports.Free()}";
        start.Environment["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true";
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The Gateway's address.</summary>
    public Uri Page { get; }

    /// <summary>What it has written so far.</summary>
    public string Output => string.Join('\n', _lines);

    public int ProcessId => _process.Id;

    public int ExitCode => _process.ExitCode;

    /// <summary>Starts it as it was built beside this program, debug or release.</summary>
    /// <param name="data">The folder for everything that it keeps.</param>
    /// <param name="args">Settings, as on its command line.</param>
    public static AppHostProcess Start(string data, params string[] args) =>
        new(data, Ports.Free(), $"http://localhost:{Ports.Free()}", args);

    /// <summary>Starts another one, on the port of one that runs.</summary>
    public AppHostProcess StartOnSamePort(string data) => new(data, Page.Port, $"http://localhost:{Ports.Free()}", []);

    /// <summary>Waits until all is healthy.</summary>
    /// <exception cref="InvalidOperationException">It ended before.</exception>
    public async Task HealthyAsync()
    {
        await Until.TrueAsync(
            "all is healthy", Limit, () => Task.FromResult(_process.HasExited || Output.Contains(Healthy, StringComparison.Ordinal)));
        if (!Output.Contains(Healthy, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"The AppHost ended with {ExitCode} before all was healthy.\n{Output}");
        }
    }

    /// <summary>Waits until it has ended.</summary>
    /// <exception cref="TimeoutException">It has not ended in time, or what it started holds its output open.</exception>
    public async Task ExitedAsync(TimeSpan limit)
    {
        using var deadline = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            // A process that has ended is waited for, too, while another one holds its output open.
            var living = string.Join("\n", Descendants().Values.Prepend(_process.HasExited ? "It has ended itself." : "It has not ended."));
            throw new TimeoutException($"Not over after {limit.TotalSeconds} s.\n{living}\n{Output}");
        }
    }

    public void Kill() => Signals.KillProcess(_process.Id);

    public void Interrupt() => Signals.InterruptProcess(_process.Id);

    /// <summary>The command line of every process that it started and that lives, by process id.</summary>
    public Dictionary<int, string> Descendants()
    {
        var found = new Dictionary<int, string>();
        var others = new List<(int Id, int Parent, string Command)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            try
            {
                if (int.TryParse(Path.GetFileName(folder), out var id) && id != _process.Id)
                {
                    var command = File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ');
                    if (File.ReadAllText(Path.Combine(folder, "environ"), Encoding.Latin1).Contains(_run, StringComparison.Ordinal))
                    {
                        found[id] = command;
                    }
                    else
                    {
                        // The first field after the name is the state.
                        var fields = File.ReadAllText(Path.Combine(folder, "stat")).Split(") ")[^1].Split(' ');
                        others.Add((id, int.Parse(fields[1], CultureInfo.InvariantCulture), command));
                    }
                }
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // It ended while it was looked at.
            }
        }

        // Stores write their titles over their environment: they are known by their parents.
        while (others.Find(other => found.ContainsKey(other.Parent) && !found.ContainsKey(other.Id)) is { Id: > 0 } child)
        {
            found[child.Id] = child.Command;
        }

        return found;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        await Until.TrueAsync("nothing is left", Limit, () => Task.FromResult(Descendants().Count == 0));
        _process.Dispose();
    }
}
