using System.Globalization;

namespace ImageEditor.Testing.Processes;

/// <summary>What Linux says of a process.</summary>
public static class ProcessFigures
{
    private const int BytesPerKilobyte = 1024;

    /// <summary>Bytes resident now.</summary>
    public static long Resident(int pid) => Read(pid, "VmRSS:");

    /// <summary>Bytes resident at the most so far.</summary>
    public static long Peak(int pid) => Read(pid, "VmHWM:");

    /// <summary>Time that the process has spent on processors so far, its own and the kernel's for it.</summary>
    public static TimeSpan ProcessorTime(int pid)
    {
        // The name in parentheses may hold spaces; utime and stime are the 12th and 13th fields after it, in ticks of 10 ms.
        var fields = File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1].Split(' ');
        return TimeSpan.FromMilliseconds(
            10 * (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)));
    }

    /// <summary>The files mapped into the process, libraries among them.</summary>
    public static string Map(int pid) => File.ReadAllText($"/proc/{pid}/maps");

    private static long Read(int pid, string field)
    {
        var line = File.ReadLines($"/proc/{pid}/status").Single(line => line.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * BytesPerKilobyte;
    }
}
