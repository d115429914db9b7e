using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace ImageEditor.Testing.Systems;

/// <summary>What people with an account do.</summary>
public static class AccountsClient
{
    private static readonly TimeSpan SavedWithin = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan AnsweredWithin = TimeSpan.FromSeconds(30);

    /// <summary>Makes a new account and signs it in on this client: its calls carry the access token from now on.</summary>
    public static async Task<Account> SignUpAsync(this ImageEditorClient client, CancellationToken cancellationToken = default)
    {
        var email = $"{Guid.NewGuid():N}@example.org";
        var tokens = await client.PostAsync("/api/auth/register", new { email, password = Account.Password }, cancellationToken);
        client.Use(tokens.GetProperty("accessToken").GetString()!);
        var me = await AnsweredAsync("/api/auth/me", () => client.Http.GetAsync("/api/auth/me", cancellationToken), cancellationToken);
        return new Account(
            me.GetProperty("id").GetGuid(),
            email,
            tokens.GetProperty("accessToken").GetString()!,
            tokens.GetProperty("refreshToken").GetString()!);
    }

    /// <summary>Signs an account in once more, as on another device.</summary>
    public static async Task<Account> SignInAsync(
        this ImageEditorClient client, Account account, CancellationToken cancellationToken = default)
    {
        var tokens = await client.PostAsync(
            "/api/auth/login", new { email = account.Email, password = Account.Password }, cancellationToken);
        return account with
        {
            AccessToken = tokens.GetProperty("accessToken").GetString()!,
            RefreshToken = tokens.GetProperty("refreshToken").GetString()!,
        };
    }

    /// <summary>Has this client's calls carry a token.</summary>
    public static void Use(this ImageEditorClient client, string accessToken) =>
        client.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);

    /// <summary>Sends JSON that must be accepted.</summary>
    public static Task<JsonElement> PostAsync(
        this ImageEditorClient client, string path, object body, CancellationToken cancellationToken = default) =>
        AnsweredAsync(path, () => client.Http.PostAsJsonAsync(path, body, cancellationToken), cancellationToken);

    /// <summary>Sends JSON that must be answered with a status.</summary>
    public static async Task PostAsync(
        this ImageEditorClient client, string path, object body, HttpStatusCode status, CancellationToken cancellationToken = default)
    {
        using var response = await client.Http.PostAsJsonAsync(path, body, cancellationToken);
        if (response.StatusCode != status)
        {
            throw new InvalidOperationException($"{path} answered {(int)response.StatusCode}, not {(int)status}.");
        }
    }

    /// <summary>The first page of the gallery.</summary>
    public static async Task<IReadOnlyList<JsonElement>> GalleryAsync(
        this ImageEditorClient client, CancellationToken cancellationToken = default)
    {
        var page = await client.Http.GetFromJsonAsync<JsonElement>("/api/gallery", cancellationToken);
        return [.. page.GetProperty("items").EnumerateArray()];
    }

    /// <summary>Waits until a job's picture is in the gallery, whatever happens to connections and services meanwhile.</summary>
    /// <returns>The gallery's entry.</returns>
    public static async Task<JsonElement> WaitForPictureAsync(
        this ImageEditorClient client, string jobId, CancellationToken cancellationToken = default)
    {
        JsonElement picture = default;
        await Until.TrueAsync(
            "the picture is in the gallery",
            SavedWithin,
            async () =>
            {
                try
                {
                    picture = (await client.GalleryAsync(cancellationToken))
                        .SingleOrDefault(item => item.GetProperty("jobId").GetString() == jobId);
                    return picture.ValueKind == JsonValueKind.Object;
                }
                catch (HttpRequestException exception) when (exception.StatusCode is null or HttpStatusCode.ServiceUnavailable)
                {
                    return false;
                }
            },
            cancellationToken);
        return picture;
    }

    /// <summary>Calls until the answer is another one than 503, as clients are told to.</summary>
    private static async Task<JsonElement> AnsweredAsync(
        string path, Func<Task<HttpResponseMessage>> call, CancellationToken cancellationToken)
    {
        JsonElement answer = default;
        await Until.TrueAsync($"{path} is answered", AnsweredWithin, async () =>
        {
            using var response = await call();
            if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                return false;
            }

            response.EnsureSuccessStatusCode();
            answer = response.StatusCode == HttpStatusCode.NoContent
                ? default
                : await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            return true;
        }, cancellationToken);
        return answer;
    }
}
