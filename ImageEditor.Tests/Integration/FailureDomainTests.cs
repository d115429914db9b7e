using System.Net;
using System.Net.Http.Json;
using ImageEditor.Tests.Harness;

namespace ImageEditor.Tests.Integration;

/// <summary>Section 6 of the design: what still works while all replicas of one part are stopped, what answers 503, and that all of it works again.</summary>
public sealed class FailureDomainTests(FailureDomainTests.Fixture fixture) : IClassFixture<FailureDomainTests.Fixture>, IAsyncLifetime
{
    private ImageEditorClient _nobody = null!;
    private ImageEditorClient _user = null!;
    private Account _account = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ImageEditorApp App => fixture.App;

    public async ValueTask InitializeAsync()
    {
        _nobody = App.CreateClient();
        _user = App.CreateClient();
        _account = await _user.SignUpAsync(Cancel);
    }

    public ValueTask DisposeAsync()
    {
        _nobody.Dispose();
        _user.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task AuthManagerDown_ConversionsAndGalleryGoOnForATokensLife()
    {
        await WhileStoppedAsync("auth-manager", async () =>
        {
            await ConvertsAsync(_nobody);
            await _user.WaitForPictureAsync(await ConvertsAsync(_user), Cancel);
            await UnavailableAsync(SignInAsync());
        });
        Assert.Equal(HttpStatusCode.OK, (await SignInAsync()).Status);
    }

    [Fact]
    public async Task AuthManagerDownAndGatewayNew_OnlyRequestsWithATokenAreTurnedAway()
    {
        await WhileStoppedAsync("auth-manager", async () =>
        {
            var gateway = await App.KillAsync("gateway");
            await Until.TrueAsync(
                "the gateway is back", TimeSpan.FromMinutes(1), () => Task.FromResult(App.RunningReplicas("gateway").Any(replica => replica.ProcessId != gateway.ProcessId)), Cancel);
            await Until.TrueAsync("the gateway answers", TimeSpan.FromMinutes(1), AnswersAsync, Cancel);
            await ConvertsAsync(_nobody);
            await UnavailableAsync(GetAsync(_user, "/api/gallery"));
            await UnavailableAsync(GetAsync(_user, "/api/converters"));
        });
        await Until.TrueAsync("tokens are checked again", TimeSpan.FromSeconds(30), async () => (await GetAsync(_user, "/api/gallery")).Status == HttpStatusCode.OK, Cancel);
    }

    [Fact]
    public async Task StorageManagerDown_ConversionsGoOnAndSavesCatchUp()
    {
        var job = "";
        await WhileStoppedAsync("storage-manager", async () =>
        {
            await ConvertsAsync(_nobody);
            job = await ConvertsAsync(_user);
            Assert.Equal(HttpStatusCode.OK, (await SignInAsync()).Status);
            await UnavailableAsync(GetAsync(_user, "/api/gallery"));
        });
        await SavedAsync(job);
    }

    [Fact]
    public async Task PostgresDown_ConversionsAndIssuedTokensGoOn()
    {
        var job = "";
        await WhileStoppedAsync("postgres", async () =>
        {
            await ConvertsAsync(_nobody);
            job = await ConvertsAsync(_user);
            await UnavailableAsync(SignInAsync());
            await UnavailableAsync(GetAsync(_user, "/api/gallery"));
        });
        await SavedAsync(job);
        Assert.Equal(HttpStatusCode.OK, (await SignInAsync()).Status);
    }

    [Fact]
    public async Task AConverterDown_OthersGoOnAndItsJobsWait()
    {
        var job = "";
        await WhileStoppedAsync("contrast", async () =>
        {
            job = await _user.SubmitAsync("converter=contrast", Pictures.Png(40, 30, 3), Cancel);
            await ConvertsAsync(_nobody);
            Assert.Equal(HttpStatusCode.Accepted, (await _user.GetJobAsync(job, Cancel)).Status);
        });
        Assert.Equal(HttpStatusCode.OK, (await _user.WaitForEndAsync(job, Cancel)).Status);
        await SavedAsync(job);
    }

    [Fact]
    public async Task ConversionManagerDown_ResultsAndGalleryAreThereAndQueuedJobsWait()
    {
        var done = await ConvertsAsync(_user);
        await SavedAsync(done);
        var waiting = await _user.SubmitAsync("converter=slow&ms=2000", Pictures.Png(8, 8, 1), Cancel);
        await WhileStoppedAsync("conversion-manager", async () =>
        {
            Assert.Equal(HttpStatusCode.OK, (await _nobody.GetJobAsync(done, Cancel)).Status);
            Assert.Equal(HttpStatusCode.OK, (await GetAsync(_user, "/api/gallery")).Status);
            Assert.Equal(HttpStatusCode.OK, (await SignInAsync()).Status);
            await UnavailableAsync(_nobody.TrySubmitAsync("converter=grayscale", Pictures.Png(8, 8), null, Cancel));
        });
        Assert.Equal(HttpStatusCode.OK, (await _user.WaitForEndAsync(waiting, Cancel)).Status);
        await SavedAsync(waiting);
    }

    [Theory]
    [InlineData("job-manager")]
    [InlineData("job-store")]
    public async Task JobsDown_SignInAndGalleryGoOnAndAcceptedJobsGoOnAfterwards(string resource)
    {
        var accepted = await _user.SubmitAsync("converter=slow&ms=3000", Pictures.Png(8, 8, 2), Cancel);
        await WhileStoppedAsync(resource, async () =>
        {
            Assert.Equal(HttpStatusCode.OK, (await SignInAsync()).Status);
            Assert.Equal(HttpStatusCode.OK, (await GetAsync(_user, "/api/gallery")).Status);
            await UnavailableAsync(_nobody.TrySubmitAsync("converter=grayscale", Pictures.Png(8, 8), null, Cancel));
            await UnavailableAsync(_nobody.GetJobAsync(accepted, Cancel));
        });
        Assert.Equal(HttpStatusCode.OK, (await _user.WaitForEndAsync(accepted, Cancel)).Status);
        await SavedAsync(accepted);
    }

    [Fact]
    public async Task WebFrontendDown_TheWholeApiGoesOn()
    {
        await WhileStoppedAsync("web-frontend", async () =>
        {
            await ConvertsAsync(_nobody);
            await SavedAsync(await ConvertsAsync(_user));
            Assert.Equal(HttpStatusCode.OK, (await SignInAsync()).Status);
            await UnavailableAsync(GetAsync(_nobody, "/"));
        });
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(_nobody, "/")).Status);
    }

    private async Task WhileStoppedAsync(string resource, Func<Task> check)
    {
        var stopped = await App.StopAllAsync(resource, Cancel);
        await check();
        await App.StartAllAsync(stopped, Cancel);

        // And all of it works as before.
        await ConvertsAsync(_nobody);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(_nobody, "/")).Status);
    }

    private static async Task<string> ConvertsAsync(ImageEditorClient client)
    {
        var job = await client.SubmitUntilAcceptedAsync("converter=grayscale", Pictures.Png(40, 30, 7), Guid.NewGuid().ToString("N"), Cancel);
        Assert.Equal(HttpStatusCode.OK, (await client.WaitForEndAsync(job, Cancel)).Status);
        return job;
    }

    private async Task SavedAsync(string job)
    {
        // The token of before may have come to its end.
        using var client = App.CreateClient();
        client.Use((await client.SignInAsync(_account, Cancel)).AccessToken);
        await client.WaitForPictureAsync(job, Cancel);
    }

    private async Task<Answer> SignInAsync() => await Answer.ReadAsync(
        await _nobody.Http.PostAsJsonAsync("/api/auth/login", new { email = _account.Email, password = Account.Password }, Cancel), Cancel);

    private static async Task<Answer> GetAsync(ImageEditorClient client, string path) =>
        await Answer.ReadAsync(await client.Http.GetAsync(new Uri(path, UriKind.Relative), Cancel), Cancel);

    private static async Task UnavailableAsync(Task<Answer> call) => Problems.AssertProblem(await call, HttpStatusCode.ServiceUnavailable, "unavailable");

    private async Task<bool> AnswersAsync()
    {
        try
        {
            return (await GetAsync(_nobody, "/api/converters")).Status == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>A system of its own, since every test takes a part of it away.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        public ImageEditorApp App { get; private set; } = null!;

        public async ValueTask InitializeAsync() => App = await ImageEditorApp.StartAsync(settings: new Dictionary<string, string>
        {
            ["gateway/Limits__CredentialsPerMinute"] = "100000",
        });

        public async ValueTask DisposeAsync()
        {
            if (App is not null)
            {
                await App.DisposeAsync();
            }
        }
    }
}
