using System.Diagnostics;
using System.Globalization;

namespace Aspire.Hosting.Postgres;

/// <summary>The file by which a PostgreSQL server tells others that it runs on its data. After a crash it is left behind.</summary>
/// <remarks>
/// PostgreSQL takes the file for valid when any process has the id in it, so an id that is used again would block every start. Here the start time is
/// compared too. Should that be mistaken, PostgreSQL's own second lock (a shared memory segment by the folder's identity) still keeps two servers apart.
/// </remarks>
internal sealed class PostmasterLock(string dataFolder)
{
    private const string Program = "postgres";
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly string _path = Path.Combine(dataFolder, "postmaster.pid");

    /// <summary>Removes the file unless its server lives; one that is being killed by the watchdog of an earlier AppHost gets the time for it.</summary>
    /// <exception cref="DistributedApplicationException">A server runs there.</exception>
    public async Task ReleaseStaleAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (FindOwner() is { } owner)
        {
            if (Stopwatch.GetElapsedTime(began) > limit)
            {
                throw new DistributedApplicationException(
                    $"A PostgreSQL server (process {owner}) already runs on the data in '{dataFolder}'. Stop it: kill -INT {owner}.");
            }

            await Task.Delay(Interval, cancellationToken);
        }

        File.Delete(_path);
    }

    /// <summary>The id of the server that wrote the file, if it lives.</summary>
    private int? FindOwner()
    {
        // Line 1 is the process id, line 3 the start time in seconds since 1970.
        if (!File.Exists(_path)
            || File.ReadAllLines(_path) is not [var idLine, _, var startLine, ..]
            || !int.TryParse(idLine, CultureInfo.InvariantCulture, out var id)
            || !long.TryParse(startLine, CultureInfo.InvariantCulture, out var start))
        {
            return null;
        }

        try
        {
            using var process = Process.GetProcessById(id);
            var difference = DateTimeOffset.FromUnixTimeSeconds(start) - process.StartTime.ToUniversalTime();
            return process.ProcessName == Program && !process.HasExited && difference.Duration() < ClockTolerance ? id : null;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
