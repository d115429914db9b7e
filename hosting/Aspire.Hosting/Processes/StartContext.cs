using System.Diagnostics;
using Aspire.Hosting.Running;

namespace Aspire.Hosting.Processes;

/// <summary>What the description of a process may need: to run other programs first, and to say what it found.</summary>
/// <param name="replica">The replica that is being started.</param>
/// <param name="watchdog">Kills the programs with the AppHost.</param>
/// <param name="log">Where their output goes.</param>
/// <param name="tell">Tells the person at the console.</param>
internal sealed class StartContext(Replica replica, Watchdog watchdog, OutputLog log, Action<string> tell)
{
    public Replica Replica => replica;

    public void Tell(string what) => tell(what);

    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it wrote.</returns>
    /// <exception cref="DistributedApplicationException">It ended with another exit code than 0; the message has what it wrote.</exception>
    public async Task<string> RunAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        var program = start.FileName;
        var lines = new List<string>();
        watchdog.Mark(start);
        using var child = Start(start, line =>
        {
            log.Write(line);
            lock (lines)
            {
                lines.Add(line);
            }
        });
        watchdog.Add(child.Id);
        try
        {
            var exitCode = await child.Exited.WaitAsync(cancellationToken);
            string output;
            lock (lines)
            {
                output = string.Join(Environment.NewLine, lines);
            }

            return exitCode == 0 ? output : throw new DistributedApplicationException($"'{program}' ended with exit code {exitCode}: {output}");
        }
        finally
        {
            await child.StopAsync(TimeSpan.Zero);
            watchdog.Remove(child.Id);
        }
    }

    private static ChildProcess Start(ProcessStartInfo start, Action<string> output)
    {
        var program = start.FileName;
        try
        {
            return ChildProcess.Start(start, output);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new DistributedApplicationException($"'{program}' cannot be started: {exception.Message}", exception);
        }
    }
}
