using System.Globalization;

namespace ImageEditor.Testing.Processes;

/// <summary>Processes that are frozen, with all their children, until this is disposed of.</summary>
public sealed class FrozenProcesses : IDisposable
{
    private readonly List<int> _frozen = [];

    private FrozenProcesses()
    {
    }

    /// <summary>Freezes processes, parents before their children, so that no further ones are made meanwhile.</summary>
    public static FrozenProcesses Freeze(IEnumerable<int> processes)
    {
        var frozen = new FrozenProcesses();
        var next = new Queue<int>(processes);
        while (next.TryDequeue(out var process))
        {
            Signals.Freeze(process);
            frozen._frozen.Add(process);
            foreach (var child in ChildrenOf(process))
            {
                next.Enqueue(child);
            }
        }

        return frozen;
    }

    public void Dispose()
    {
        foreach (var process in Enumerable.Reverse(_frozen))
        {
            Signals.Thaw(process);
        }
    }

    private static IEnumerable<int> ChildrenOf(int parent) =>
        from folder in Directory.GetDirectories("/proc")
        let process = int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0
        where process > 0 && ParentOf(process) == parent
        select process;

    private static int ParentOf(int process)
    {
        try
        {
            // After the name, which may hold anything, come the state and the parent.
            var status = File.ReadAllText($"/proc/{process}/stat");
            return int.Parse(
                status[(status.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
