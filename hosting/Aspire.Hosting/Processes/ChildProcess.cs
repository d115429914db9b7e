using System.Diagnostics;

namespace Aspire.Hosting.Processes;

/// <summary>A running child, in a session of its own: Ctrl+C on the terminal is for the AppHost alone, which then stops the children in order.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan OutputDrainLimit = TimeSpan.FromSeconds(2);
    private static readonly string? SetSid = OperatingSystem.IsWindows() ? null : PathSearch.Find("setsid");

    private readonly Process _process;
    private readonly Task _output;

    private ChildProcess(Process process, Action<string> output)
    {
        _process = process;
        Id = process.Id;
        _output = Task.WhenAll(PumpAsync(process.StandardOutput, output), PumpAsync(process.StandardError, output));
        Exited = WaitForExitAsync();
    }

    public int Id { get; }

    /// <summary>Ends with the exit code when the process has ended and what is left of its group is killed.</summary>
    public Task<int> Exited { get; }

    /// <summary>Starts a process.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no such program.</exception>
    public static ChildProcess Start(ProcessStartInfo start, Action<string> output)
    {
        start.UseShellExecute = false;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        InOwnSession(start);

        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.Start();
        process.StandardInput.Close();
        return new ChildProcess(process, output);
    }

    /// <summary>Has the process run in a session of its own, where the system has <c>setsid</c>.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no such program.</exception>
    public static void InOwnSession(ProcessStartInfo start)
    {
        if (SetSid is null)
        {
            return;
        }

        // From a fresh fork setsid becomes the program: the id is the program's own. It hides a missing program, so that is looked for first.
        var program = PathSearch.Find(start.FileName, start.WorkingDirectory)
            ?? throw new System.ComponentModel.Win32Exception(2, $"there is no program '{start.FileName}'");
        start.ArgumentList.Insert(0, program);
        start.FileName = SetSid;
    }

    /// <summary>Asks the process to end, and kills it and its descendants when it has not after the grace period.</summary>
    public async Task<int> StopAsync(TimeSpan grace, int signal = UnixSignals.Terminate)
    {
        if (OperatingSystem.IsWindows())
        {
            Kill();
        }
        else if (!_process.HasExited)
        {
            UnixSignals.Send(Id, signal);
        }

        try
        {
            return await Exited.WaitAsync(grace);
        }
        catch (TimeoutException)
        {
            Kill();
            return await Exited;
        }
    }

    public void Dispose() => _process.Dispose();

    private static async Task PumpAsync(StreamReader reader, Action<string> output)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            output(line);
        }
    }

    private void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended meanwhile.
        }
    }

    // Not Process.WaitForExitAsync: that waits for the output's end as well, which a grandchild may hold open.
    private async Task<int> WaitForExitAsync()
    {
        var exited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.Exited += (_, _) => exited.TrySetResult();
        if (_process.HasExited)
        {
            exited.TrySetResult();
        }

        await exited.Task;
        if (SetSid is not null)
        {
            UnixSignals.SendToGroup(Id, UnixSignals.Kill);
        }

        // A descendant in a session of its own may still hold the output; the end of the process does not wait for it.
        await Task.WhenAny(_output, Task.Delay(OutputDrainLimit));
        return _process.ExitCode;
    }
}
