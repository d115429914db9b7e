using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ImageEditor.AuthManager.Tests.Support;
using Microsoft.AspNetCore.Identity;
using Npgsql;

namespace ImageEditor.AuthManager.Tests.Credentials;

/// <summary>Passwords and addresses that two devices type differently: one sends é as one character, another one as two.</summary>
[Collection(nameof(AccountsServer))]
public sealed class CredentialsTests(AccountsServer server)
{
    private const string Composed = "violet otter caf\u00e9 canoe";
    private static readonly string Decomposed = Composed.Normalize(NormalizationForm.FormD);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(NormalizationForm.FormC)]
    [InlineData(NormalizationForm.FormD)]
    public async Task Password_TypedOnAnotherDevice_IsTheSame(NormalizationForm form)
    {
        var database = await server.Postgres.CreateDatabaseAsync();
        await using var manager = await AuthManagerProcess.StartAsync(database);
        var user = await RegisterAsync(manager, "ann@example.org", Composed.Normalize(form));

        foreach (var typed in new[] { Composed, Decomposed, "violet otter \uff43af\u00e9 canoe" })
        {
            Assert.Equal(HttpStatusCode.OK, await LoginAsync(manager, "ann@example.org", typed));
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await LoginAsync(manager, "ann@example.org", "violet otter cafe canoe"));
        Assert.Equal(HttpStatusCode.OK, await ChangePasswordAsync(manager, user, Decomposed, "amber Z\u00fcrich pebble"));
        Assert.Equal(HttpStatusCode.OK, await ChangePasswordAsync(manager, user, "amber Zu\u0308rich pebble", Decomposed));
        Assert.Equal(HttpStatusCode.NoContent, await DeleteAsync(manager, user, Composed));
    }

    [Fact]
    public async Task Password_HashedAsItWasTyped_SignsInAndIsNormalizedThen()
    {
        var database = await server.Postgres.CreateDatabaseAsync();
        await using var manager = await AuthManagerProcess.StartAsync(database);
        await using var source = NpgsqlDataSource.Create(database);
        foreach (var (email, use) in new (string, Func<Guid, Task<HttpStatusCode>>)[]
        {
            ("signs-in@example.org", _ => LoginAsync(manager, "signs-in@example.org", Decomposed)),
            ("changes@example.org", user => ChangePasswordAsync(manager, user, Decomposed, Composed)),
        })
        {
            var user = await RegisterAsync(manager, email, Composed);
            await ExecuteAsync(
                source, """update "AspNetUsers" set "PasswordHash" = $2 where "Id" = $1""", user, HashOfAnEarlierRelease(Decomposed));
            Assert.Equal(HttpStatusCode.Unauthorized, await LoginAsync(manager, email, Composed));

            Assert.Equal(HttpStatusCode.OK, await use(user));

            Assert.Equal(HttpStatusCode.OK, await LoginAsync(manager, email, Composed));
            Assert.Equal(HttpStatusCode.OK, await LoginAsync(manager, email, Decomposed));
        }

        var leaver = await RegisterAsync(manager, "leaves@example.org", Composed);
        await ExecuteAsync(
            source, """update "AspNetUsers" set "PasswordHash" = $2 where "Id" = $1""", leaver, HashOfAnEarlierRelease(Decomposed));
        Assert.Equal(HttpStatusCode.NoContent, await DeleteAsync(manager, leaver, Decomposed));
    }

    /// <summary>The limits are of what is hashed: what is shorter or longer as it is typed is no reason to refuse it.</summary>
    [Fact]
    public async Task Password_LongerAsItIsTyped_IsTaken()
    {
        await using var manager = await AuthManagerProcess.StartAsync(await server.Postgres.CreateDatabaseAsync());
        var syllables = string.Concat(Enumerable.Range(0, 256).Select(number => (char)('\uac00' + (number * 37))))
            .Normalize(NormalizationForm.FormD);
        Assert.True(syllables.Length > 512);

        await RegisterAsync(manager, "ann@example.org", syllables);

        Assert.Equal(HttpStatusCode.OK, await LoginAsync(manager, "ann@example.org", syllables));
        using var tooLong = await manager.RegisterAsync("bob@example.org", syllables + "x");
        Assert.Equal(HttpStatusCode.BadRequest, tooLong.StatusCode);
    }

    [Fact]
    public async Task Login_NoUnicode_IsRefused()
    {
        await using var manager = await AuthManagerProcess.StartAsync(await server.Postgres.CreateDatabaseAsync());
        using var body = new StringContent(
            """{ "email": "ann@example.org", "password": "violet \ud800 canoe" }""", Encoding.UTF8, "application/json");
        using var response = await manager.Http.PostAsync("/api/auth/login", body, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("zo\u00eb@example.org", "zoe\u0308@example.org")]
    [InlineData("zoe\u0308@example.org", "ZO\u00cb@Example.ORG")]
    [InlineData("ann@b\u00fccher.example", "ann@xn--bcher-kva.example")]
    [InlineData("ann@xn--bcher-kva.example", "Ann@Bu\u0308cher.example")]
    public async Task Address_SpelledOtherwise_IsTheSameAccount(string one, string other)
    {
        await using var manager = await AuthManagerProcess.StartAsync(await server.Postgres.CreateDatabaseAsync());
        await RegisterAsync(manager, one, Composed);

        Assert.Equal(HttpStatusCode.OK, await LoginAsync(manager, other, Composed));
        using var taken = await manager.RegisterAsync(other, Composed);
        Assert.Equal(HttpStatusCode.Conflict, taken.StatusCode);
    }

    [Fact]
    public async Task Address_OfAnEarlierRelease_IsFoundByEachSpelling()
    {
        const string One = "zo\u00eb@example.org";
        const string Other = "zoe\u0308@example.org";
        var database = await server.Postgres.CreateDatabaseAsync();
        await using var manager = await AuthManagerProcess.StartAsync(database);
        await using var source = NpgsqlDataSource.Create(database);
        await MakeFormerAsync(source, await RegisterAsync(manager, "a@example.org", Composed), Other);
        await MakeFormerAsync(source, await RegisterAsync(manager, "b@example.org", Composed), "ann@b\u00fccher.example");

        // Before the upgrade, by the former spelling; afterwards, by each.
        Assert.Equal(HttpStatusCode.OK, await LoginAsync(manager, Other, Composed));
        Assert.Equal(HttpStatusCode.OK, await LoginAsync(manager, "ann@b\u00fccher.example", Composed));
        await using var upgrading = await AuthManagerProcess.StartAsync(database);
        await Until.TrueAsync(
            "the keys are upgraded",
            Timeout,
            async () => await LoginAsync(manager, One, Composed) == HttpStatusCode.OK
                && await LoginAsync(manager, "ann@xn--bcher-kva.example", Composed) == HttpStatusCode.OK,
            TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, await LoginAsync(manager, Other, Composed));
        using var taken = await manager.RegisterAsync(One, Composed);
        Assert.Equal(HttpStatusCode.Conflict, taken.StatusCode);
    }

    /// <summary>Earlier releases let two people, or one person twice, register an address in two spellings.</summary>
    [Fact]
    public async Task Address_RegisteredTwiceInAnEarlierRelease_LocksNobodyOut()
    {
        const string One = "zo\u00eb@example.org";
        const string Other = "zoe\u0308@example.org";
        var database = await server.Postgres.CreateDatabaseAsync();
        await using var manager = await AuthManagerProcess.StartAsync(database);
        await using var source = NpgsqlDataSource.Create(database);
        await RegisterAsync(manager, One, Composed);
        await MakeFormerAsync(source, await RegisterAsync(manager, "b@example.org", "amber staple pebble 9"), Other);
        await MakeFormerAsync(source, await RegisterAsync(manager, "c@example.org", Composed), "ann@b\u00fccher.example");
        await using var upgrading = await AuthManagerProcess.StartAsync(database);
        await Until.TrueAsync(
            "the keys are upgraded",
            Timeout,
            async () => await LoginAsync(manager, "ann@xn--bcher-kva.example", Composed) == HttpStatusCode.OK,
            TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, await LoginAsync(manager, One, Composed));
        Assert.Equal(HttpStatusCode.OK, await LoginAsync(manager, Other, "amber staple pebble 9"));
        Assert.Equal(HttpStatusCode.Unauthorized, await LoginAsync(manager, One, "amber staple pebble 9"));
    }

    private static string HashOfAnEarlierRelease(string typed) => new PasswordHasher<object>().HashPassword(new object(), typed);

    private static Task MakeFormerAsync(NpgsqlDataSource source, Guid user, string email) => ExecuteAsync(
        source,
        """update "AspNetUsers" set "Email" = $2, "UserName" = $2, "NormalizedEmail" = $3, "NormalizedUserName" = $3 where "Id" = $1""",
        user,
        email,
        email.ToUpperInvariant());

    private static async Task ExecuteAsync(NpgsqlDataSource source, string statement, params object[] parameters)
    {
        await using var command = source.CreateCommand(statement);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }

    private static async Task<Guid> RegisterAsync(AuthManagerProcess manager, string email, string password)
    {
        using var response = await manager.RegisterAsync(email, password);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var token = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString()!;
        var claims = token.Split('.')[1].Replace('-', '+').Replace('_', '/');
        using var parsed = JsonDocument.Parse(Convert.FromBase64String(claims.PadRight((claims.Length + 3) / 4 * 4, '=')));
        return parsed.RootElement.GetProperty("sub").GetGuid();
    }

    private static async Task<HttpStatusCode> LoginAsync(AuthManagerProcess manager, string email, string password)
    {
        using var response = await manager.LoginAsync(email, password);
        return response.StatusCode;
    }

    private static Task<HttpStatusCode> ChangePasswordAsync(
        AuthManagerProcess manager, Guid user, string currentPassword, string newPassword) =>
        SendAsync(manager, HttpMethod.Post, "/api/auth/password", user, new { currentPassword, newPassword });

    private static Task<HttpStatusCode> DeleteAsync(AuthManagerProcess manager, Guid user, string password) =>
        SendAsync(manager, HttpMethod.Delete, "/api/auth/me", user, new { password });

    private static async Task<HttpStatusCode> SendAsync(AuthManagerProcess manager, HttpMethod method, string path, Guid user, object body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("X-Authenticated-User", user.ToString("D"));
        using var response = await manager.Http.SendAsync(request);
        return response.StatusCode;
    }
}
