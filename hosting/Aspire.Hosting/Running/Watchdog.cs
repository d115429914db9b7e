using System.Collections.Concurrent;
using System.Diagnostics;
using Aspire.Hosting.Processes;

namespace Aspire.Hosting.Running;

/// <summary>
/// A small process that outlives this one just long enough to kill its children, should it die without stopping them. It hears of the children
/// through a pipe, whose end tells it that this process is gone; on Linux it also finds them by a variable in their environment.
/// </summary>
internal sealed class Watchdog : IAsyncDisposable
{
    /// <summary>The variable that marks the children of one run.</summary>
    public const string MarkerVariable = "ASPIRE_HOSTING_RUN";

    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<int, ProcessIdentity> _children = [];
    private readonly string _marker = Guid.NewGuid().ToString("N");
    private readonly RestartBackoff _backoff = new();
    private Process? _process;
    private bool _disposed;

    public int? ProcessId => _process?.Id;

    public void Start()
    {
        lock (_lock)
        {
            StartProcess();
        }
    }

    public void Mark(ProcessStartInfo start) => start.Environment[MarkerVariable] = _marker;

    public void Add(int processId)
    {
        if (ProcessIdentity.Of(processId) is not { } child)
        {
            return;
        }

        _children[processId] = child;
        lock (_lock)
        {
            Tell(child);
        }
    }

    public void Remove(int processId) => _children.TryRemove(processId, out _);

    public async ValueTask DisposeAsync()
    {
        Process? process;
        lock (_lock)
        {
            _disposed = true;
            process = _process;
            _process = null;
        }

        if (process is null)
        {
            return;
        }

        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(ExitLimit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
        }

        process.Dispose();
    }

    private void StartProcess()
    {
        var start = new ProcessStartInfo(DotNetHost.Path, [ProjectOutputs.FindOf(typeof(Watchdog).Assembly, "Watchdog"), _marker])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
        };
        ChildProcess.InOwnSession(start);
        start.Environment.Remove(MarkerVariable);
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.Exited += async (_, _) => await ReviveAsync(process);
        process.Start();
        _process = process;
        foreach (var child in _children.Values)
        {
            Tell(child);
        }
    }

    private async Task ReviveAsync(Process dead)
    {
        while (true)
        {
            await Task.Delay(_backoff.Next(healthy: TimeSpan.Zero));
            lock (_lock)
            {
                if (_disposed || _process != dead)
                {
                    return;
                }

                try
                {
                    StartProcess();
                    dead.Dispose();
                    return;
                }
                catch (System.ComponentModel.Win32Exception)
                {
                    // No process can be made at the moment (memory, limits): tried again after the next pause.
                }
            }
        }
    }

    private void Tell(ProcessIdentity child)
    {
        try
        {
            _process?.StandardInput.WriteLine(child.ToString());
            _process?.StandardInput.Flush();
        }
        catch (IOException)
        {
            // The watchdog has died; its successor is told of every child that lives.
        }
    }
}
