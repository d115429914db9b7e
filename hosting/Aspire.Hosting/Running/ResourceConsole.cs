using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Processes;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Running;

/// <summary>Tells a person what happens: one line for each change, a table when all is healthy.</summary>
internal sealed class ResourceConsole(ResourceNotificationService notifications, HostSettings settings, TimeProvider time) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, string> _shown = [];
    private readonly Dictionary<string, ResourceEvent> _latest = [];
    private StreamWriter? _file;
    private Task _watch = Task.CompletedTask;
    private bool _wasHealthy;
    private bool _shownTable;

    public void Start(string logFolder, int replicas)
    {
        _file = new StreamWriter(new FileStream(Path.Combine(logFolder, "apphost.log"), FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)) { AutoFlush = true };
        _watch = WatchAsync(replicas);
    }

    public void WriteLine(string line)
    {
        lock (_lock)
        {
            try
            {
                _file?.WriteLine(line);
                if (!settings.IsTest)
                {
                    Console.WriteLine(line);
                }
            }
            catch (IOException)
            {
                // A full disk, or a terminal that is gone, costs the line, not the system that it tells of.
            }
        }
    }

    public void Told(string id, string what) => WriteLine($"{Time} {id}: {what}");

    /// <summary>Says why a replica does not run, with the last lines that it wrote.</summary>
    public void Failed(string id, string reason, OutputLog log)
    {
        WriteLine($"{Time} {id}: failed to start: {reason}");
        foreach (var line in log.Tail)
        {
            WriteLine($"    | {line}");
        }

        WriteLine($"    all of it: {log.Path}");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watch;
        _stop.Dispose();
        if (_file is not null)
        {
            await _file.DisposeAsync();
        }
    }

    private string Time => time.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    private async Task WatchAsync(int replicas)
    {
        try
        {
            await foreach (var change in notifications.WatchAsync(_stop.Token))
            {
                Show(change);
                ShowTable(replicas);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The application has stopped.
        }
    }

    private void Show(ResourceEvent change)
    {
        _latest[change.ResourceId] = change;
        var text = Describe(change.Snapshot);
        if (change.Snapshot.State?.Text != KnownResourceStates.NotStarted && _shown.GetValueOrDefault(change.ResourceId) != text)
        {
            _shown[change.ResourceId] = text;
            WriteLine($"{Time} {change.ResourceId}: {text}");
        }
    }

    private static string Describe(CustomResourceSnapshot snapshot)
    {
        var state = snapshot.State?.Text ?? "";
        if (state == KnownResourceStates.Running)
        {
            var pid = snapshot.Properties.FirstOrDefault(p => p.Name == ReplicaStates.ProcessIdProperty)?.Value;
            return (snapshot.HealthStatus == HealthStatus.Healthy ? "healthy" : "running, not healthy yet") + (pid is null ? "" : $" (pid {pid})");
        }

        return snapshot.ExitCode is { } code ? $"{state} with exit code {code}" : state;
    }

    private void ShowTable(int replicas)
    {
        var healthy = _latest.Count == replicas
            && _latest.Values.All(e => e.Snapshot.HealthStatus == HealthStatus.Healthy || e.Snapshot.State?.Text == KnownResourceStates.Finished);
        if (healthy && !_wasHealthy)
        {
            if (!_shownTable)
            {
                WriteTable();
                _shownTable = true;
            }

            WriteLine($"{Time} all resources are healthy");
        }

        _wasHealthy = healthy;
    }

    private void WriteTable()
    {
        var width = _latest.Keys.Max(id => id.Length);
        WriteLine("");
        foreach (var (id, change) in _latest.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            WriteLine($"  {id.PadRight(width)}  {string.Join("  ", change.Snapshot.Urls.Select(url => url.Url))}");
        }

        WriteLine("");
    }
}
