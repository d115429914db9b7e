using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace ImageEditor.AppHost.Local.Postgres;

/// <summary>
/// What a server that was killed leaves: its lock file, and backends in the middle of a computation. Both would keep another one from
/// starting.
/// </summary>
internal static class LeftOvers
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Kills such backends and removes the lock file; a server that is about to end (its AppHost was killed) gets the time for it.
    /// </summary>
    /// <exception cref="DistributedApplicationException">A server runs there.</exception>
    public static async Task ClearAsync(string dataPath, string clusterName, TimeSpan limit, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var lockFile = Path.Combine(dataPath, "postmaster.pid");
        while (FindServer(lockFile) is { } server)
        {
            if (Stopwatch.GetElapsedTime(began) > limit)
            {
                throw new DistributedApplicationException(
                    $"A PostgreSQL server (process {server}) already runs on the data in '{dataPath}'. Stop it: kill -INT {server}.");
            }

            await Task.Delay(Interval, cancellationToken);
        }

        while (KillOrphans(dataPath, clusterName) && Stopwatch.GetElapsedTime(began) < limit)
        {
            await Task.Delay(Interval, cancellationToken);
        }

        File.Delete(lockFile);
    }

    /// <summary>
    /// Kills the backends of a server that is dead itself. Most end by themselves; one in the middle of a computation does not notice.
    /// </summary>
    /// <returns>Whether there was one.</returns>
    public static bool KillOrphans(string dataPath, string clusterName)
    {
        var backends = FindServer(Path.Combine(dataPath, "postmaster.pid")) is null ? FindBackends(clusterName) : [];
        foreach (var backend in backends)
        {
            using (backend)
            {
                backend.Kill();
            }
        }

        return backends.Count > 0;
    }

    /// <summary>The id of the server that wrote the lock file, if it lives.</summary>
    /// <remarks>
    /// PostgreSQL takes the file for valid when any process has the id in it, so one that is used again would block every start: the start
    /// time is compared, too.
    /// </remarks>
    private static int? FindServer(string lockFile)
    {
        try
        {
            // Line 1 is the process id, line 3 the start time in seconds since 1970. A server that ends removes the file.
            if (File.ReadAllLines(lockFile) is not [var idLine, _, var startLine, ..]
                || !int.TryParse(idLine, CultureInfo.InvariantCulture, out var id)
                || !long.TryParse(startLine, CultureInfo.InvariantCulture, out var start))
            {
                return null;
            }

            using var process = Process.GetProcessById(id);
            var difference = DateTimeOffset.FromUnixTimeSeconds(start) - process.StartTime.ToUniversalTime();
            return process.ProcessName == "postgres" && !process.HasExited && difference.Duration() < ClockTolerance ? id : null;
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException
            or ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }

    /// <summary>The server's processes have the name of its cluster in their titles, which .NET takes for their names.</summary>
    private static List<Process> FindBackends(string clusterName) =>
    [
        .. (OperatingSystem.IsLinux() ? Process.GetProcesses() : [])
            .Where(process => process.ProcessName.StartsWith($"postgres: {clusterName}: ", StringComparison.Ordinal)),
    ];
}
