using System.Globalization;

namespace ImageEditor.Tests.Harness;

/// <summary>What Linux says of a process's memory.</summary>
public static class ProcessMemory
{
    private const int BytesPerKilobyte = 1024;

    /// <summary>Bytes resident now.</summary>
    public static long Resident(int pid) => Read(pid, "VmRSS:");

    /// <summary>Bytes resident at the most so far.</summary>
    public static long Peak(int pid) => Read(pid, "VmHWM:");

    /// <summary>The files mapped into the process, libraries among them.</summary>
    public static string Map(int pid) => File.ReadAllText($"/proc/{pid}/maps");

    private static long Read(int pid, string field)
    {
        var line = File.ReadLines($"/proc/{pid}/status").Single(line => line.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * BytesPerKilobyte;
    }
}
