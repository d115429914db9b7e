using System.Diagnostics;
using System.Globalization;

namespace Aspire.Hosting.Processes;

/// <summary>A process id and when that process started: ids are used again, both together are not. (Compiled into the watchdog too.)</summary>
/// <param name="Id">The process id.</param>
/// <param name="Started">The start time, in a unit of the system's own.</param>
internal readonly record struct ProcessIdentity(int Id, long Started)
{
    /// <summary>The identity of the process that has this id now; null when there is none, or it only waits to be reaped.</summary>
    public static ProcessIdentity? Of(int id) => StartOf(id) is { } started ? new ProcessIdentity(id, started) : null;

    /// <summary>Whether this very process lives.</summary>
    public bool IsAlive() => Of(Id) == this;

    /// <summary>Reads what <see cref="ToString"/> wrote; null when it is something else.</summary>
    public static ProcessIdentity? Parse(string line) =>
        line.Split(' ') is [var id, var started]
        && int.TryParse(id, CultureInfo.InvariantCulture, out var number)
        && long.TryParse(started, CultureInfo.InvariantCulture, out var time)
            ? new ProcessIdentity(number, time)
            : null;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Id} {Started}");

    private static long? StartOf(int id)
    {
        try
        {
            if (!OperatingSystem.IsLinux())
            {
                using var process = Process.GetProcessById(id);
                return process.StartTime.ToUniversalTime().Ticks;
            }

            // "pid (name) state ppid ...": the name may hold anything, so fields count from its closing bracket. Start time is field 22.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : long.Parse(fields[19], CultureInfo.InvariantCulture);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
