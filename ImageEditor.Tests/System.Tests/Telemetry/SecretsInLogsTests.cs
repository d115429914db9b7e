using ImageEditor.Testing.Systems;
using Npgsql;

namespace ImageEditor.SystemTests.Telemetry;

/// <summary>Nothing that opens a door stands in a log, however much the services say.</summary>
public sealed class SecretsInLogsTests
{
    private const string PictureName = "nobody-else-is-told-of-it";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AllLogs_OfAFullRunAtTheLevelOfDebugging_HoldNoSecret()
    {
        var verbose = new Dictionary<string, string> { ["Logging__LogLevel__Default"] = "Debug" };
        var app = await ImageEditorApp.StartAsync(settingsOfEach: _ => verbose, cancellationToken: Cancel);
        Dictionary<string, string> secrets;
        IReadOnlyDictionary<string, string> logs;
        await using (app)
        {
            using var client = app.CreateClient();
            var account = await client.SignUpAsync(Cancel);
            var again = await client.SignInAsync(account, Cancel);
            var refreshed = await client.PostAsync("/api/auth/refresh", new { refreshToken = again.RefreshToken }, Cancel);
            var job = await client.SubmitAsync($"converter=contrast&name={PictureName}.jpg", Photos.Read("rocket.jpg"), Cancel);
            var picture = await client.WaitForPictureAsync(job, Cancel);
            await client.WaitForEndAsync(job, Cancel);
            using var original = await client.Http.GetAsync(
                new Uri($"/api/gallery/{picture.GetProperty("id").GetString()}/original?download=1", UriKind.Relative), Cancel);
            using var recipe = await client.Http.GetAsync(new Uri($"/api/recipes/{PictureName}", UriKind.Relative), Cancel);
            using var zip = await client.Http.GetAsync(new Uri("/api/gallery.zip", UriKind.Relative), Cancel);
            var jobStorePassword = await app.JobStorePasswordAsync(Cancel);
            await client.PostAsync("/api/auth/logout", new { refreshToken = account.RefreshToken }, Cancel);

            secrets = new Dictionary<string, string>
            {
                ["the internal key"] = ImageEditorApp.InternalKey,
                ["the protection of signing keys"] = ImageEditorApp.KeyProtection,
                ["the password of the database"] = new NpgsqlConnectionStringBuilder(await app.DatabaseAsync("accounts", Cancel)).Password!,
                ["the password of the job store"] = jobStorePassword,
                ["the user's password"] = Account.Password,
                ["an access token"] = account.AccessToken,
                ["another access token"] = refreshed.GetProperty("accessToken").GetString()!,
                ["a refresh token"] = account.RefreshToken,
                ["another refresh token"] = again.RefreshToken,
                ["the newest refresh token"] = refreshed.GetProperty("refreshToken").GetString()!,
                ["the user's address"] = account.Email,
                ["a job's whole id"] = job,
                ["a picture's and a recipe's name"] = PictureName,
            };
            logs = app.ReadLogs();
        }

        Assert.All(app.Services, service => Assert.Contains(
            logs, log => log.Key.StartsWith(service, StringComparison.Ordinal) && log.Value.Contains("dbug", StringComparison.Ordinal)));
        foreach (var (name, secret) in secrets)
        {
            Assert.True(secret.Length >= 16, $"{name} is too short to look for.");
            foreach (var (replica, text) in logs)
            {
                var at = text.IndexOf(secret, StringComparison.OrdinalIgnoreCase);
                Assert.True(at < 0, $"{replica} holds {name}: …{(at < 0 ? "" : text[Math.Max(0, at - 200)..at])}");
            }
        }
    }
}
