using System.ComponentModel;
using Aspire.Hosting.Processes;

namespace Aspire.Hosting.Running;

/// <summary>Keeps one replica running: starts it when what it waits for is there, starts it again when it dies, stops it when it is told to.</summary>
internal sealed class ReplicaSupervisor(
    Replica replica,
    ProcessAnnotation process,
    bool runsToCompletion,
    ReplicaStates states,
    ChildEnvironment environment,
    Watchdog watchdog,
    OutputLog log,
    TimeSpan configuredGrace,
    TimeProvider time) : IAsyncDisposable
{
    private const int EarlyExitsThatFail = 3;

    private readonly SemaphoreSlim _command = new(1, 1);
    private readonly HealthWatch _health = new(replica, reports => states.Checked(replica, reports), time);
    private CancellationTokenSource? _stop;
    private Task _run = Task.CompletedTask;
    private TimeSpan _grace;

    public Replica Replica => replica;

    /// <summary>Starts the replica, unless it is started.</summary>
    public async Task StartAsync()
    {
        await _command.WaitAsync();
        try
        {
            if (_run.IsCompleted)
            {
                _stop?.Dispose();
                _stop = new CancellationTokenSource();
                var token = _stop.Token;
                _run = Task.Run(() => RunAsync(token), CancellationToken.None);
            }
        }
        finally
        {
            _command.Release();
        }
    }

    /// <summary>Stops the replica. It stays stopped until it is started.</summary>
    /// <param name="grace">How long it may take to end before it is killed; what is configured when null.</param>
    public async Task StopAsync(TimeSpan? grace = null)
    {
        await _command.WaitAsync();
        try
        {
            if (_stop is not null)
            {
                _grace = grace ?? configuredGrace;
                await _stop.CancelAsync();
                await _run;
            }
        }
        finally
        {
            _command.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop?.Dispose();
        _command.Dispose();
        log.Dispose();
    }

    private async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await states.WaitForDependenciesAsync(replica, stop);
            await RunUntilDoneAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            states.Exited(replica, exitCode: null);
        }
        catch (Exception failure)
        {
            // Whatever it is, it is about this replica alone: the others go on, and the state says so.
            states.Failed(replica, failure.Message, log);
        }
    }

    private async Task RunUntilDoneAsync(CancellationToken stop)
    {
        var backoff = new RestartBackoff();
        var earlyExits = 0;
        var hasRun = false;
        while (true)
        {
            states.Starting(replica);
            if (await TryStartAsync(mustStart: !hasRun, stop) is not { } started)
            {
                await Task.Delay(backoff.Next(TimeSpan.Zero), time, stop);
                continue;
            }

            hasRun = true;
            using var child = started;
            states.Running(replica, child.Id, _health.Probes);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var health = _health.RunAsync(ended.Token);

            await Task.WhenAny(child.Exited, Task.Delay(Timeout.InfiniteTimeSpan, ended.Token));
            var exitCode = stop.IsCancellationRequested ? await StopProcessAsync(child) : await child.Exited;
            watchdog.Remove(child.Id);
            await ended.CancelAsync();
            var healthy = await health;
            if (stop.IsCancellationRequested)
            {
                states.Exited(replica, exitCode);
                return;
            }

            if (runsToCompletion || (process.Restart == RestartPolicy.OnFailure && exitCode == 0))
            {
                states.Finished(replica, exitCode);
                return;
            }

            states.Exited(replica, exitCode);
            earlyExits = healthy is null ? earlyExits + 1 : 0;
            if (earlyExits == EarlyExitsThatFail)
            {
                states.Failed(replica, $"it ended {EarlyExitsThatFail} times before it was healthy, last with exit code {exitCode}; trying on", log);
            }

            await Task.Delay(backoff.Next(healthy ?? TimeSpan.Zero), time, stop);
        }
    }

    /// <returns>The process; null when one that could be started before cannot at the moment.</returns>
    private async Task<ChildProcess?> TryStartAsync(bool mustStart, CancellationToken stop)
    {
        try
        {
            return await StartProcessAsync(stop);
        }
        catch (Exception failure) when (!mustStart && !stop.IsCancellationRequested)
        {
            states.Failed(replica, $"{failure.Message}; trying on", log);
            return null;
        }
    }

    private async Task<int> StopProcessAsync(ChildProcess child)
    {
        states.Stopping(replica);
        return await child.StopAsync(_grace, process.StopSignal);
    }

    private async Task<ChildProcess> StartProcessAsync(CancellationToken stop)
    {
        var start = await process.DescribeAsync(new StartContext(replica, watchdog, log, what => states.Told(replica, what)), stop);
        await environment.ApplyAsync(replica, start, stop);
        watchdog.Mark(start);
        var program = start.FileName;
        try
        {
            var child = ChildProcess.Start(start, log.Write);
            watchdog.Add(child.Id);
            return child;
        }
        catch (Win32Exception exception)
        {
            throw new DistributedApplicationException($"'{program}' cannot be started: {exception.Message}", exception);
        }
    }
}
