using ImageEditor.JobManager.Store;
using StackExchange.Redis;

namespace ImageEditor.JobManager.Descriptors;

/// <summary>Keeps the last descriptor of each converter, so that it outlives the converter's processes and those that call them.</summary>
internal sealed class DescriptorStore(StoreConnection store)
{
    /// <summary>Reads all of them.</summary>
    /// <returns>JSON by the converter's name.</returns>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task<IReadOnlyDictionary<string, string>> ReadAsync() =>
        (await store.RunAsync(database => database.HashGetAllAsync(StoreKeys.Descriptors)))
            .ToDictionary(entry => entry.Name.ToString(), entry => entry.Value.ToString());

    /// <summary>Keeps one in place of what the converter had before.</summary>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public Task KeepAsync(string converter, string descriptor) =>
        store.RunAsync(database => database.HashSetAsync(StoreKeys.Descriptors, converter, descriptor));
}
