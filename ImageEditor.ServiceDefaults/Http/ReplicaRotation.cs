using System.Collections.Concurrent;

namespace ImageEditor.ServiceDefaults.Http;

/// <summary>In which order to try a service's replicas: in turn, those that lately refused a connection last.</summary>
internal sealed class ReplicaRotation(TimeProvider time)
{
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, long> _refusals = new();
    private uint _turn;

    /// <summary>Orders one request's addresses at the replicas, the first to be tried first.</summary>
    public IReadOnlyList<Uri> Order(IReadOnlyList<Uri> replicas)
    {
        if (replicas.Count < 2)
        {
            return replicas;
        }

        var first = Interlocked.Increment(ref _turn);
        return [.. Enumerable.Range(0, replicas.Count)
            .Select(i => replicas[(int)((first + (uint)i) % (uint)replicas.Count)])
            .OrderBy(RefusedLately)];
    }

    /// <summary>Remembers that the replica at this address refused a connection.</summary>
    public void Refused(Uri replica) => _refusals[replica.Authority] = time.GetTimestamp();

    private bool RefusedLately(Uri replica) =>
        _refusals.TryGetValue(replica.Authority, out var at) && time.GetElapsedTime(at) < Memory;
}
