using System.Globalization;

namespace ImageEditor.AuthManager.Clients;

/// <summary>Calls StorageManager.</summary>
internal sealed class StorageManagerClient(IHttpClientFactory clients)
{
    public const string ServiceName = "storage-manager";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>Removes all pictures of an account. The call may be repeated.</summary>
    /// <exception cref="HttpRequestException">It was not confirmed.</exception>
    /// <exception cref="OperationCanceledException">It was not confirmed in time.</exception>
    public async Task DeleteOwnerAsync(Guid owner, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Timeout);
        using var client = clients.CreateClient(ServiceName);
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"/owners/{owner:D}"), UriKind.Relative);
        using var response = await client.DeleteAsync(address, timeout.Token);
        response.EnsureSuccessStatusCode();
    }
}
