using System.Diagnostics;
using System.Text;
using Aspire.Hosting.Processes;

namespace Aspire.Hosting.Watchdog;

/// <summary>The processes that an AppHost left behind.</summary>
internal sealed class Orphans(string marker)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly byte[] _marker = Encoding.ASCII.GetBytes($"ASPIRE_HOSTING_RUN={marker}\0");
    private readonly HashSet<ProcessIdentity> _children = [];

    public void Add(string line)
    {
        if (ProcessIdentity.Parse(line) is { } child)
        {
            _children.Add(child);
        }
    }

    /// <summary>Kills until there is nothing to kill twice in a row: a process that forks meanwhile may hide from one look, not from two.</summary>
    public void KillAll()
    {
        for (var emptyLooks = 0; emptyLooks < 2;)
        {
            var found = _children.Where(child => child.IsAlive()).Concat(Marked()).ToHashSet();
            foreach (var orphan in found)
            {
                Kill(orphan);
            }

            emptyLooks = found.Count == 0 ? emptyLooks + 1 : 0;
            Thread.Sleep(Pause);
        }
    }

    private static void Kill(ProcessIdentity orphan)
    {
        try
        {
            using var process = Process.GetProcessById(orphan.Id);
            // Held open now: if the id was used again in between, the start time tells.
            if (orphan.IsAlive())
            {
                process.Kill(entireProcessTree: true);
            }
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has ended by itself.
        }
    }

    private List<ProcessIdentity> Marked() => !OperatingSystem.IsLinux() ? [] :
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0)
            .Where(id => id > 0 && id != Environment.ProcessId && HasMarker(id))
            .Select(id => ProcessIdentity.Of(id))
            .OfType<ProcessIdentity>(),
    ];

    private bool HasMarker(int id)
    {
        try
        {
            return File.ReadAllBytes($"/proc/{id}/environ").AsSpan().IndexOf(_marker) >= 0;
        }
        catch (Exception notOurs) when (notOurs is IOException or UnauthorizedAccessException)
        {
            // Gone, or another user's.
            return false;
        }
    }
}
