using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ImageEditor.AuthManager.Keys;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.SystemTests.Support;
using ImageEditor.Testing.Systems;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Npgsql;

namespace ImageEditor.SystemTests.Accounts;

/// <summary>Who may do what: every route of every service, for everybody who might come.</summary>
[Collection(nameof(RunningApp))]
public sealed class RouteAccessTests(RunningApp running)
{
    private const string Anybody = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Gateway_EveryPublicRoute_GivesEachWhatIsTheirs()
    {
        var rows = Rows();
        Assert.Equal((await RoutesAsync("public")).Select(route => route.Name).Order(), rows.Select(row => row.Route).Order());

        var scene = await Scene.PrepareAsync(running.App);
        foreach (var row in rows.Where(row => row.ReadsTokens))
        {
            foreach (var (name, token) in scene.BadTokens)
            {
                await AssertAsync(row, scene, $"a token that is {name}", token, spoofed: null, new Expected(401, "invalid-token"));
            }
        }

        foreach (var row in rows.Where(row => !row.ReadsTokens))
        {
            await AssertAsync(row, scene, "a bad token where tokens are not read", scene.BadTokens[0].Token, spoofed: null, row.Nobody);
        }

        foreach (var row in rows)
        {
            await AssertAsync(row, scene, "nobody", token: null, spoofed: null, row.Nobody);
            await AssertAsync(row, scene, "nobody who says to be the owner", token: null, "X-Authenticated-User", row.Nobody);
            await AssertAsync(
                row, scene, "nobody who says to be the owner, with underscores", token: null, "X_Authenticated_User", row.Nobody);
        }

        foreach (var row in rows)
        {
            await AssertAsync(row, scene, "another user", scene.Other.AccessToken, spoofed: null, row.Other);
            await AssertAsync(
                row, scene, "another user who says to be the owner", scene.Other.AccessToken, "x-authenticated-USER", row.Other);
        }

        foreach (var row in rows)
        {
            await AssertAsync(row, scene, "the owner", scene.Owner.AccessToken, spoofed: null, row.Owner);
        }
    }

    [Fact]
    public async Task Gateway_EveryInternalRoute_IsNotThere()
    {
        using var client = running.App.CreateClient();
        await client.SignUpAsync(Cancel);
        var routes = await RoutesAsync("internal");
        Assert.Contains(routes, route => route.Path == "/claims");
        Assert.Contains(routes, route => route.Path.StartsWith("/pictures/", StringComparison.Ordinal));
        foreach (var route in routes)
        {
            using var request = new HttpRequestMessage(new HttpMethod(route.Method), route.Example);
            request.Headers.TryAddWithoutValidation(ServiceHeaders.InternalKey, ImageEditorApp.InternalKey);
            using var response = await client.Http.SendAsync(request, Cancel);
            Assert.True(
                response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed,
                $"{route.Name} through the Gateway: {(int)response.StatusCode}");
        }
    }

    [Fact]
    public async Task Services_EveryRouteWithoutTheInstallationsKey_IsRefused()
    {
        var routes = (await RoutesAsync("public")).Concat(await RoutesAsync("internal")).ToList();
        foreach (var route in routes.Where(route => route.Service != "gateway"))
        {
            using var client = running.App.CreateServiceClient(route.Service);
            foreach (var key in new[] { null, "", "wrong" })
            {
                using var request = new HttpRequestMessage(new HttpMethod(route.Method), route.Example);
                request.Headers.Add(ServiceHeaders.AuthenticatedUser, Guid.NewGuid().ToString("D"));
                if (key is not null)
                {
                    request.Headers.TryAddWithoutValidation(ServiceHeaders.InternalKey, key);
                }

                using var response = await client.SendAsync(request, Cancel);
                Assert.True(
                    response.StatusCode == HttpStatusCode.Unauthorized,
                    $"{route.Name} of {route.Service} with key '{key}': {(int)response.StatusCode}");
            }
        }
    }

    private static List<Row> Rows()
    {
        var open = new Expected(200);
        var accepted = new Expected(202);
        var noContent = new Expected(204);
        var signIn = new Expected(401, "unauthorized");
        var notThere = new Expected(404, "picture-not-found");
        return
        [
            // Anybody's, but a bad token is refused.
            Row.Of("GET /api/converters", open, open, open, _ => "/api/converters"),
            Row.Of("POST /api/conversions", accepted, accepted, accepted, _ => "/api/conversions?converter=contrast", Picture),
            Row.Of("POST /api/previews", open, open, open, _ => "/api/previews?converter=grayscale", Picture),
            Row.Of("GET /api/jobs/{id}", open, open, open, scene => $"/api/jobs/{scene.Job}"),
            Row.Of("GET /api/jobs/{id}/preview", noContent, noContent, noContent, scene => $"/api/jobs/{scene.Job}/preview"),
            Row.Of("GET /api/jobs/events", open, open, open, scene => $"/api/jobs/events?id={scene.Job}"),
            Row.Of("DELETE /api/jobs/{id}", noContent, noContent, noContent, scene => $"/api/jobs/{scene.OtherJob}"),

            // Ways in, which do not look at tokens.
            Row.WithoutTokens(
                "POST /api/auth/register",
                open,
                _ => "/api/auth/register",
                _ => JsonContent.Create(new { email = $"{Guid.NewGuid():N}@example.org", password = Account.Password })),
            Row.WithoutTokens(
                "POST /api/auth/login",
                open,
                _ => "/api/auth/login",
                scene => JsonContent.Create(new { email = scene.Owner.Email, password = Account.Password })),
            Row.WithoutTokens(
                "POST /api/auth/refresh",
                new Expected(401, "invalid-token"),
                _ => "/api/auth/refresh",
                _ => JsonContent.Create(new { refreshToken = "nobody's" })),
            Row.WithoutTokens(
                "POST /api/auth/logout",
                noContent,
                _ => "/api/auth/logout",
                _ => JsonContent.Create(new { refreshToken = "nobody's" })),
            Row.WithoutTokens("GET /api/auth/keys", open, _ => "/api/auth/keys"),

            // The owner's.
            Row.Of("GET /api/auth/me", signIn, open, open, _ => "/api/auth/me"),
            Row.Of(
                "POST /api/auth/password",
                signIn,
                new Expected(400, "weak-password"),
                new Expected(400, "weak-password"),
                _ => "/api/auth/password",
                _ => JsonContent.Create(new { currentPassword = Account.Password, newPassword = "password" })),
            Row.Of("GET /api/gallery", signIn, open, open, _ => "/api/gallery"),
            Row.Of("GET /api/gallery/{id}", signIn, notThere, open, scene => $"/api/gallery/{scene.Picture}"),
            Row.Of("GET /api/gallery/{id}/original", signIn, notThere, open, scene => $"/api/gallery/{scene.Picture}/original"),
            Row.Of("GET /api/gallery/{id}/converted", signIn, notThere, open, scene => $"/api/gallery/{scene.Picture}/converted"),
            Row.Of("GET /api/gallery/{id}/thumbnail", signIn, notThere, open, scene => $"/api/gallery/{scene.Picture}/thumbnail"),

            // Browsers show the owner's picture itself.
            Row.Of("GET /api/gallery/{id}/display", signIn, notThere, notThere, scene => $"/api/gallery/{scene.Picture}/display"),
            Row.Of("GET /api/gallery.zip", signIn, open, open, _ => "/api/gallery.zip"),
            Row.Of("DELETE /api/gallery/{id}", signIn, notThere, noContent, scene => $"/api/gallery/{scene.Picture}"),
            Row.Of("POST /api/gallery/{id}/restore", signIn, notThere, noContent, scene => $"/api/gallery/{scene.Picture}/restore"),
            Row.Of("DELETE /api/gallery", signIn, noContent, noContent, _ => "/api/gallery"),
            Row.Of("GET /api/recipes", signIn, open, open, _ => "/api/recipes"),
            Row.Of(
                "GET /api/recipes/{name}",
                signIn,
                new Expected(404, "recipe-not-found"),
                open,
                _ => $"/api/recipes/{Scene.OwnersRecipe}"),
            Row.Of("PUT /api/recipes/{name}", signIn, noContent, noContent, _ => "/api/recipes/everybodys", _ => Steps()),
            Row.Of("DELETE /api/recipes/{name}", signIn, noContent, noContent, _ => "/api/recipes/everybodys"),
            Row.Of(
                "DELETE /api/auth/me",
                signIn,
                new Expected(401, "wrong-credentials"),
                new Expected(401, "wrong-credentials"),
                _ => "/api/auth/me",
                _ => JsonContent.Create(new { password = "wrong" })),
        ];
    }

    private static JsonContent Steps() =>
        JsonContent.Create(new[] { new { converter = "contrast", parameters = new { amount = 40 } } });

    private static ByteArrayContent Picture(Scene scene)
    {
        var content = new ByteArrayContent(Pictures.Png(8, 8));
        content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        return content;
    }

    private async Task AssertAsync(Row row, Scene scene, string who, string? token, string? spoofed, Expected expected)
    {
        using var client = running.App.CreateClient();
        var method = new HttpMethod(row.Route[..row.Route.IndexOf(' ', StringComparison.Ordinal)]);
        using var request = new HttpRequestMessage(method, row.Path(scene)) { Content = row.Body?.Invoke(scene) };
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        }

        if (spoofed is not null)
        {
            request.Headers.TryAddWithoutValidation(spoofed, scene.Owner.Id.ToString("D"));
        }

        using var response = await client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        var what = $"{row.Route} as {who}";
        Assert.True((int)response.StatusCode == expected.Status, $"{what}: expected {expected.Status}, got {(int)response.StatusCode}");
        if (expected.Type != Anybody)
        {
            var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
            Assert.True(problem.GetProperty("type").GetString() == "urn:image-editor:problem:" + expected.Type, $"{what}: {problem}");
        }
    }

    /// <summary>What the services say that they answer: nothing can be forgotten in the table.</summary>
    private async Task<List<Route>> RoutesAsync(string document)
    {
        var routes = new List<Route>();
        foreach (var service in running.App.Services)
        {
            using var client = running.App.CreateServiceClient(service);
            using var response = await client.GetAsync(
                new Uri(service == "gateway" ? $"/openapi/gateway/{document}.json" : $"/openapi/{document}.json", UriKind.Relative),
                Cancel);
            Assert.True(response.IsSuccessStatusCode, $"{service} has no document '{document}'.");
            var description = await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
            routes.AddRange(
                from path in description.GetProperty("paths").EnumerateObject()
                from operation in path.Value.EnumerateObject()
                let method = operation.Name.ToUpperInvariant()
                where method is "GET" or "POST" or "PUT" or "PATCH" or "DELETE"
                select new Route(service, method, path.Name));
        }

        return routes;
    }

    private sealed record Expected(int Status, string Type = Anybody);

    private sealed record Route(string Service, string Method, string Path)
    {
        public string Name => $"{Method} {Path}";

        public string Example => System.Text.RegularExpressions.Regex.Replace(Path, @"\{[^}]*\}", "0d3c6f4e-30b6-4c4e-9d0e-5f6f0a4f2c11");
    }

    private sealed record Row(
        string Route,
        bool ReadsTokens,
        Expected Nobody,
        Expected Other,
        Expected Owner,
        Func<Scene, string> Path,
        Func<Scene, HttpContent>? Body)
    {
        public static Row Of(
            string route,
            Expected nobody,
            Expected other,
            Expected owner,
            Func<Scene, string> path,
            Func<Scene, HttpContent>? body = null) =>
            new(route, true, nobody, other, owner, path, body);

        public static Row WithoutTokens(
            string route, Expected everybody, Func<Scene, string> path, Func<Scene, HttpContent>? body = null) =>
            new(route, false, everybody, everybody, everybody, path, body);
    }

    /// <summary>Two users, a picture of the first, and tokens that must not work.</summary>
    private sealed record Scene(
        Account Owner, Account Other, string Picture, string Job, string OtherJob, IReadOnlyList<(string Name, string Token)> BadTokens)
    {
        public const string OwnersRecipe = "owners";

        public static async Task<Scene> PrepareAsync(ImageEditorApp app)
        {
            using var ownersClient = app.CreateClient();
            using var othersClient = app.CreateClient();
            var owner = await ownersClient.SignUpAsync(Cancel);
            var other = await othersClient.SignUpAsync(Cancel);
            var saved = await ownersClient.SubmitAsync("converter=grayscale", Pictures.Png(40, 30, 7), Cancel);
            var picture = await ownersClient.WaitForPictureAsync(saved, Cancel);
            await ownersClient.WaitForEndAsync(saved, Cancel);
            using var steps = Steps();
            using var kept = await ownersClient.Http.PutAsync(new Uri($"/api/recipes/{OwnersRecipe}", UriKind.Relative), steps, Cancel);
            kept.EnsureSuccessStatusCode();
            var disposable = await ownersClient.SubmitAsync("converter=grayscale", Pictures.Png(40, 30, 8), Cancel);
            await ownersClient.WaitForEndAsync(disposable, Cancel);
            return new Scene(owner, other, picture.GetProperty("id").GetString()!, saved, disposable, await BadTokensAsync(app, owner));
        }

        private static async Task<IReadOnlyList<(string, string)>> BadTokensAsync(ImageEditorApp app, Account owner)
        {
            // The installation's own key, so that nothing but what the name says is wrong.
            var key = await SigningKeyAsync(app);
            using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var now = DateTimeOffset.UtcNow;
            var parts = owner.AccessToken.Split('.');
            var altered = Base64UrlEncoder.Encode(
                Base64UrlEncoder.Decode(parts[1]).Replace(owner.Id.ToString("D"), Guid.NewGuid().ToString("D"), StringComparison.Ordinal));
            var none = Base64UrlEncoder.Encode(
                Encoding.UTF8.GetBytes(
                    string.Create(CultureInfo.InvariantCulture, $$"""{"alg":"none","typ":"JWT","kid":"{{key.KeyId}}"}""")));
            return
            [
                ("expired", Token(owner, key, now.AddMinutes(-10), now.AddSeconds(-30))),
                ("not valid yet", Token(owner, key, now.AddMinutes(5), now.AddMinutes(10))),
                ("signed with another key", Token(owner, new ECDsaSecurityKey(stranger) { KeyId = key.KeyId }, now, now.AddMinutes(5))),
                ("not signed", $"{none}.{parts[1]}."),
                ("altered", $"{parts[0]}.{altered}.{parts[2]}"),
                ("no token at all", "nonsense"),
            ];
        }

        /// <summary>The key that signs tokens now, read from the database as AuthManager reads it.</summary>
        private static async Task<ECDsaSecurityKey> SigningKeyAsync(ImageEditorApp app)
        {
            await using var database = NpgsqlDataSource.Create(await app.DatabaseAsync("accounts", Cancel));
            await using var command = database.CreateCommand(
                """SELECT "Id", "PrivateKey" FROM "SigningKeys" WHERE "SignsFrom" <= now() ORDER BY "SignsFrom" DESC LIMIT 1""");
            await using var row = await command.ExecuteReaderAsync(Cancel);
            Assert.True(await row.ReadAsync(Cancel));
            var id = row.GetString(0);
            var protector = new KeyProtector(Options.Create(new KeysOptions { EncryptionSecret = ImageEditorApp.KeyProtection }));
            var pair = ECDsa.Create();
            pair.ImportPkcs8PrivateKey(protector.Decrypt(id, row.GetFieldValue<byte[]>(1)), out _);
            return new ECDsaSecurityKey(pair) { KeyId = id };
        }

        private static string Token(Account owner, SecurityKey key, DateTimeOffset from, DateTimeOffset to) =>
            new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
            {
                Issuer = AccessTokens.Issuer,
                Audience = AccessTokens.Audience,
                Subject = new ClaimsIdentity(
                    [new Claim("sub", owner.Id.ToString("D")), new Claim(AccessTokens.SessionClaim, Guid.NewGuid().ToString("D"))]),
                NotBefore = from.UtcDateTime,
                Expires = to.UtcDateTime,
                SigningCredentials = new SigningCredentials(key, AccessTokens.Algorithm),
            });
    }
}
