using System.Globalization;
using StackExchange.Redis;

namespace ImageEditor.JobManager.Store;

/// <summary>Reads how many wait in queues: every process asks that each second of all queues, in one exchange.</summary>
internal sealed class QueueHeads(StoreConnection store)
{
    /// <summary>Reads several queues.</summary>
    /// <param name="queues">Keys of sorted sets.</param>
    /// <returns>Of each queue, in their order.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task<IReadOnlyList<QueueHead>> ReadAsync(IReadOnlyCollection<RedisKey> queues)
    {
        var (_, fields) = await store.RunAsync(ScriptName.Heads, StoreKeys.OfScript(StoreKeys.None, queues));
        return [.. queues.Select((_, index) => Parse(fields.Text(index.ToString(CultureInfo.InvariantCulture))))];
    }

    private static QueueHead Parse(string text) =>
        text.Split(' ', 2) is [var length, var first]
            ? new QueueHead(long.Parse(length, CultureInfo.InvariantCulture), first)
            : new QueueHead(0, null);
}

/// <summary>What waits in a queue.</summary>
/// <param name="Length">How many.</param>
/// <param name="First">The first; null when there is none.</param>
internal sealed record QueueHead(long Length, string? First);
