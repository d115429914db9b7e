using System.Net;
using System.Net.Http.Json;
using ImageEditor.SystemTests.Support;
using ImageEditor.Testing.Systems;

namespace ImageEditor.SystemTests.Accounts;

/// <summary>Once a session has ended, its access token is refused everywhere within 10 s, though it has not expired.</summary>
[Collection(nameof(RunningApp))]
public sealed class EndedSessionTests(RunningApp running)
{
    private static readonly TimeSpan RefusedWithin = TimeSpan.FromSeconds(10);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Logout_ItsTokensAreRefusedAndOthersAreNot()
    {
        using var client = running.App.CreateClient();
        var first = await client.SignUpAsync(Cancel);
        var second = await client.SignInAsync(first, Cancel);

        await client.PostAsync("/api/auth/logout", new { refreshToken = first.RefreshToken }, Cancel);

        await RefusedAsync(first.AccessToken);
        await RefreshRefusedAsync(first.RefreshToken);
        client.Use(second.AccessToken);
        Assert.Empty(await client.GalleryAsync(Cancel));
    }

    [Fact]
    public async Task ChangePassword_EverySessionIsRefusedButTheNewOne()
    {
        using var client = running.App.CreateClient();
        var first = await client.SignUpAsync(Cancel);
        var second = await client.SignInAsync(first, Cancel);

        var issued = await client.PostAsync(
            "/api/auth/password", new { currentPassword = Account.Password, newPassword = "seven yellow tractors hum" }, Cancel);

        await RefusedAsync(first.AccessToken);
        await RefusedAsync(second.AccessToken);
        await RefreshRefusedAsync(second.RefreshToken);
        client.Use(issued.GetProperty("accessToken").GetString()!);
        Assert.Empty(await client.GalleryAsync(Cancel));
        using var old = await client.Http.PostAsJsonAsync(
            "/api/auth/login", new { email = first.Email, password = Account.Password }, Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, old.StatusCode);
    }

    [Fact]
    public async Task DeleteAccount_ItsTokensAreRefusedAndTheAddressIsFree()
    {
        using var client = running.App.CreateClient();
        var account = await client.SignUpAsync(Cancel);

        using var request = new HttpRequestMessage(HttpMethod.Delete, "/api/auth/me")
        {
            Content = JsonContent.Create(new { password = Account.Password }),
        };
        using var deleted = await client.Http.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);

        await RefusedAsync(account.AccessToken);
        await RefreshRefusedAsync(account.RefreshToken);
        using var somebody = running.App.CreateClient();
        await somebody.PostAsync("/api/auth/register", new { email = account.Email, password = Account.Password }, Cancel);
    }

    private async Task RefusedAsync(string accessToken)
    {
        using var client = running.App.CreateClient();
        client.Use(accessToken);
        foreach (var path in new[] { "/api/gallery", "/api/converters", "/api/auth/me" })
        {
            await Until.TrueAsync(
                $"{path} refuses the token",
                RefusedWithin,
                async () =>
                {
                    using var response = await client.Http.GetAsync(new Uri(path, UriKind.Relative), Cancel);
                    return response.StatusCode == HttpStatusCode.Unauthorized;
                },
                Cancel);
        }
    }

    private async Task RefreshRefusedAsync(string refreshToken)
    {
        using var client = running.App.CreateClient();
        using var response = await client.Http.PostAsJsonAsync("/api/auth/refresh", new { refreshToken }, Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }
}
