using System.Globalization;

namespace ImageEditor.AuthManager.Deletion;

/// <summary>Tells StorageManager which accounts are gone.</summary>
internal sealed class StorageManagerClient(IHttpClientFactory clients)
{
    public const string Name = "storage-manager";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>Has everything of an account removed. Repeating it does no harm.</summary>
    /// <exception cref="HttpRequestException">It was not confirmed.</exception>
    /// <exception cref="OperationCanceledException">It was not confirmed in time.</exception>
    public async Task DeleteOwnerAsync(Guid owner, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Timeout);
        using var client = clients.CreateClient(Name);
        using var response = await client.DeleteAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"/owners/{owner:D}"), UriKind.Relative), deadline.Token);
        response.EnsureSuccessStatusCode();
    }
}
