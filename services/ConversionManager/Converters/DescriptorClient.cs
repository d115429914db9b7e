using System.Text.Json;
using ImageEditor.ConversionManager.Clients;

namespace ImageEditor.ConversionManager.Converters;

/// <summary>Descriptors that the job manager keeps, so that they outlive the converters' processes and this one.</summary>
internal sealed class DescriptorClient(JobManagerConnection jobManager)
{
    /// <summary>Reads the last descriptor of each converter that any conversion manager has met.</summary>
    /// <returns>Descriptors by the converter's name, as they were kept: perhaps by another release.</returns>
    /// <exception cref="Exception">The job manager cannot be reached now (<see cref="HttpErrors.IsTransient"/>).</exception>
    public async Task<IReadOnlyDictionary<string, JsonElement>> ReadAsync(CancellationToken cancellationToken)
    {
        using var response = await jobManager.SendAsync(() => new HttpRequestMessage(HttpMethod.Get, "/descriptors"), cancellationToken);
        return await response.EnsureSuccessStatusCode().Content
            .ReadFromJsonAsync<Dictionary<string, JsonElement>>(cancellationToken) ?? [];
    }

    /// <summary>Keeps a descriptor in place of what the converter had before.</summary>
    /// <returns>False when the job manager refuses it for good.</returns>
    /// <exception cref="Exception">The job manager cannot be reached now (<see cref="HttpErrors.IsTransient"/>).</exception>
    public async Task<bool> TryKeepAsync(ConverterDescriptor descriptor, CancellationToken cancellationToken)
    {
        using var response = await jobManager.SendAsync(
            () => new HttpRequestMessage(HttpMethod.Put, $"/descriptors/{descriptor.Name}") { Content = JsonContent.Create(descriptor) },
            cancellationToken);
        return !HttpErrors.IsFinal(response.StatusCode) && response.EnsureSuccessStatusCode().IsSuccessStatusCode;
    }
}
