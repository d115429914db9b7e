using System.Collections.Concurrent;

namespace ImageEditor.JobManager.Attempts;

/// <summary>The converters for which this replica has had claims, and those whose descriptors are kept, for the metrics.</summary>
internal sealed class KnownConverters
{
    private readonly ConcurrentDictionary<string, bool> _names = new(StringComparer.Ordinal);

    /// <summary>Their names.</summary>
    public IEnumerable<string> All => _names.Keys;

    /// <summary>Remembers one.</summary>
    public void Add(string name) => _names.TryAdd(name, true);
}
