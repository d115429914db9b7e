using System.Diagnostics;
using Aspire.Hosting.Processes;

namespace Aspire.Hosting.Postgres;

/// <summary>
/// The processes of a server that outlive it when it is killed. Most notice and end; one in the middle of a computation does not, and while it lives
/// PostgreSQL starts no other server on the data. They are found by the name of their cluster, which is in their titles.
/// </summary>
internal sealed class LeftBackends(string clusterName)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly string _title = $"postgres: {clusterName}: ";

    /// <summary>Kills them. To be called when the server itself is known to be dead.</summary>
    public async Task KillAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (OperatingSystem.IsLinux() && Find() is { Count: > 0 } left && Stopwatch.GetElapsedTime(began) < limit)
        {
            left.ForEach(id => UnixSignals.Send(id, UnixSignals.Kill));
            await Task.Delay(Interval, cancellationToken);
        }
    }

    private List<int> Find() =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0)
            .Where(id => id > 0 && HasTitle(id)),
    ];

    private bool HasTitle(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline").StartsWith(_title, StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
