using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using ImageEditor.SystemTests.Support;
using ImageEditor.Testing.Systems;

namespace ImageEditor.SystemTests.Failures;

/// <summary>
/// docs/architecture.md, "What still works when a part is down": what still works while all replicas of one part are stopped or silent,
/// what answers 503 and how soon, and that all of it works again.
/// </summary>
public sealed class FailureDomainTests(FailureDomainTests.Fixture fixture, ITestOutputHelper output)
    : IClassFixture<FailureDomainTests.Fixture>, IAsyncLifetime
{
    // The promises are 2 s, and 5 s from the start; a test allows three times their values.
    private static readonly TimeSpan AnsweredWithin = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan BackWithin = TimeSpan.FromSeconds(15);

    private const int Callers = 4;
    private static readonly TimeSpan HeldFor = TimeSpan.FromSeconds(1.9);
    private static readonly TimeSpan FrozenFor = TimeSpan.FromSeconds(10);

    private readonly ConcurrentQueue<Func<Task<Answer>>> _unavailable = new();
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

    [Theory]
    [InlineData(Fault.Stopped)]
    [InlineData(Fault.Silent)]
    public async Task AuthManagerDown_ConversionsAndGalleryGoOnForATokensLife(Fault fault)
    {
        await WhileAwayAsync("auth-manager", fault, async () =>
        {
            await ConvertsAsync(_nobody);
            await _user.WaitForPictureAsync(await ConvertsAsync(_user), Cancel);
            await UnavailableAsync(() => SignInAsync());
        });
        Assert.Equal(HttpStatusCode.OK, (await SignInAsync()).Status);
    }

    [Theory]
    [InlineData(Fault.Stopped)]
    [InlineData(Fault.Silent)]
    public async Task AuthManagerDownAndGatewayNew_OnlyRequestsWithATokenAreTurnedAway(Fault fault)
    {
        await WhileAwayAsync("auth-manager", fault, async () =>
        {
            var gateway = await App.KillAsync("gateway");
            await Until.TrueAsync(
                "the gateway is back",
                TimeSpan.FromMinutes(1),
                () => Task.FromResult(App.RunningReplicas("gateway").Any(replica => replica.ProcessId != gateway.ProcessId)),
                Cancel);
            await Until.TrueAsync("the gateway answers", TimeSpan.FromMinutes(1), AnswersAsync, Cancel);
            await ConvertsAsync(_nobody);
            await UnavailableAsync(() => GetAsync(_user, "/api/gallery"));
            await UnavailableAsync(() => GetAsync(_user, "/api/converters"));
        });
        await Until.TrueAsync(
            "tokens are checked again",
            TimeSpan.FromSeconds(30),
            async () => (await GetAsync(_user, "/api/gallery")).Status == HttpStatusCode.OK,
            Cancel);
    }

    [Theory]
    [InlineData(Fault.Stopped)]
    [InlineData(Fault.Silent)]
    public async Task StorageManagerDown_ConversionsGoOnAndSavesCatchUp(Fault fault)
    {
        var job = "";
        await WhileAwayAsync("storage-manager", fault, async () =>
        {
            await ConvertsAsync(_nobody);
            job = await ConvertsAsync(_user);
            Assert.Equal(HttpStatusCode.OK, (await SignInAsync()).Status);
            await UnavailableAsync(() => GetAsync(_user, "/api/gallery"));
        });
        await SavedAsync(job);
    }

    [Theory]
    [InlineData(Fault.Stopped)]
    [InlineData(Fault.Silent)]
    public async Task PostgresDown_ConversionsAndIssuedTokensGoOn(Fault fault)
    {
        var job = "";
        await WhileAwayAsync("postgres", fault, async () =>
        {
            await ConvertsAsync(_nobody);
            job = await ConvertsAsync(_user);
            await UnavailableAsync(() => SignInAsync());
            await UnavailableAsync(() => GetAsync(_user, "/api/gallery"));
        });
        await SavedAsync(job);
        Assert.Equal(HttpStatusCode.OK, (await SignInAsync()).Status);
    }

    [Theory]
    [InlineData(Fault.Stopped)]
    [InlineData(Fault.Silent)]
    public async Task AConverterDown_OthersGoOnAndItsJobsWait(Fault fault)
    {
        var jobs = new List<string>();
        await WhileAwayAsync("contrast", fault, async () =>
        {
            var away = Stopwatch.StartNew();
            for (var job = 0; job < 6; job++)
            {
                jobs.Add(await _user.SubmitAsync("converter=contrast", Pictures.Png(40, 30, 3 + job), Cancel));
            }

            // Longer than any of a job's attempts may be silent, and than three of them together.
            await Until.TrueAsync("a minute is over", TimeSpan.FromMinutes(2), async () =>
            {
                await ConvertsAsync(_nobody);
                foreach (var job in jobs)
                {
                    Assert.Equal(HttpStatusCode.Accepted, (await _user.GetJobAsync(job, Cancel)).Status);
                }

                return away.Elapsed > TimeSpan.FromMinutes(1);
            }, Cancel);
        });
        foreach (var job in jobs)
        {
            await EndsWellAsync(job);
        }
    }

    [Theory]
    [InlineData(Fault.Stopped)]
    [InlineData(Fault.Silent)]
    public async Task ConversionManagerDown_ResultsAndGalleryAreThereAndQueuedJobsWait(Fault fault)
    {
        var done = await ConvertsAsync(_user);
        await SavedAsync(done);
        var waiting = await _user.SubmitAsync("converter=slow&ms=2000", Pictures.Png(8, 8, 1), Cancel);
        await WhileAwayAsync("conversion-manager", fault, async () =>
        {
            Assert.Equal(HttpStatusCode.OK, (await _nobody.GetJobAsync(done, Cancel)).Status);
            Assert.Equal(HttpStatusCode.OK, (await GetAsync(_user, "/api/gallery")).Status);
            Assert.Equal(HttpStatusCode.OK, (await SignInAsync()).Status);
            await UnavailableAsync(() => _nobody.TrySubmitAsync("converter=grayscale", Pictures.Png(8, 8), null, Cancel));
        });
        await EndsWellAsync(waiting);
    }

    [Theory]
    [InlineData("job-manager", Fault.Stopped)]
    [InlineData("job-manager", Fault.Silent)]
    [InlineData("job-store", Fault.Stopped)]
    [InlineData("job-store", Fault.Silent)]
    public async Task JobsDown_SignInAndGalleryGoOnAndAcceptedJobsGoOnAfterwards(string resource, Fault fault)
    {
        var accepted = await _user.SubmitAsync("converter=slow&ms=3000", Pictures.Png(8, 8, 2), Cancel);
        await WhileAwayAsync(resource, fault, async () =>
        {
            Assert.Equal(HttpStatusCode.OK, (await SignInAsync()).Status);
            Assert.Equal(HttpStatusCode.OK, (await GetAsync(_user, "/api/gallery")).Status);
            await UnavailableAsync(() => _nobody.TrySubmitAsync("converter=grayscale", Pictures.Png(8, 8), null, Cancel));
            await UnavailableAsync(() => _nobody.GetJobAsync(accepted, Cancel));
        });
        await EndsWellAsync(accepted);
    }

    [Theory]
    [InlineData(Fault.Stopped)]
    [InlineData(Fault.Silent)]
    public async Task WebFrontendDown_TheWholeApiGoesOn(Fault fault)
    {
        await WhileAwayAsync("web-frontend", fault, async () =>
        {
            await ConvertsAsync(_nobody);
            await SavedAsync(await ConvertsAsync(_user));
            Assert.Equal(HttpStatusCode.OK, (await SignInAsync()).Status);
            await UnavailableAsync(() => GetAsync(_nobody, "/"));
        });
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(_nobody, "/")).Status);
    }

    [Theory]
    [InlineData("conversion-manager")]
    [InlineData("job-manager")]
    [InlineData("storage-manager")]
    [InlineData("auth-manager")]
    [InlineData("web-frontend")]
    public async Task OneOfTwoReplicasSilent_OnlyWhatItHoldsFails(string resource)
    {
        var job = await ConvertsAsync(_nobody);
        Func<Task<Answer>> call = resource switch
        {
            "conversion-manager" => () => GetAsync(_nobody, "/api/converters"),
            "job-manager" => () => _nobody.GetJobAsync(job, Cancel),
            "storage-manager" => () => GetAsync(_user, "/api/gallery"),
            "auth-manager" => () => GetAsync(_user, "/api/auth/me"),
            _ => () => GetAsync(_nobody, "/"),
        };
        Assert.All(
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => call())), answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        var before = TimesDown(resource);

        var answers = new ConcurrentBag<(HttpStatusCode Status, TimeSpan Took)>();
        using (await App.FreezeAsync(resource))
        {
            var clock = Stopwatch.StartNew();
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
            {
                while (clock.Elapsed < FrozenFor)
                {
                    var began = clock.Elapsed;
                    answers.Add(((await call()).Status, clock.Elapsed - began));
                }
            }));
        }

        var failed = answers.Where(answer => answer.Status != HttpStatusCode.OK).ToList();
        output.WriteLine($"{resource}: {failed.Count} of {answers.Count} requests failed.");
        Assert.Equal(before, TimesDown(resource));
        Assert.InRange(answers.Count, 10 * Callers, int.MaxValue);

        // What fails waited for the silent one in vain, and was not turned away; a caller meets it again only where a new connection leads
        // there.
        Assert.All(failed, answer => Assert.Equal((HttpStatusCode.ServiceUnavailable, true), (answer.Status, answer.Took >= HeldFor)));
        Assert.InRange(failed.Count, 0, 3 * Callers);
        await App.WaitUntilHealthyAsync(Cancel);
    }

    /// <summary>How often a service was taken for down, by anybody.</summary>
    private int TimesDown(string service) => App.ReadLogs().Values.Sum(log => log.Split($"{service} is down:").Length - 1);

    /// <summary>Takes a part away, checks what callers see, and gives it back.</summary>
    private async Task WhileAwayAsync(string resource, Fault fault, Func<Task> check)
    {
        if (fault == Fault.Stopped)
        {
            var stopped = await App.StopAllAsync(resource, Cancel);
            await check();
            await App.StartAllAsync(stopped, Cancel);
        }
        else
        {
            using var frozen = await App.FreezeAllAsync(resource);
            await check();
        }

        var back = Stopwatch.StartNew();
        await Until.TrueAsync(
            "what answered 503 is answered again",
            BackWithin,
            async () => (await Task.WhenAll(_unavailable.Select(call => call()))).All(IsAvailable),
            Cancel);
        output.WriteLine($"{resource} ({fault}): all is answered {back.ElapsedMilliseconds} ms after the start.");
        await App.WaitUntilHealthyAsync(Cancel);

        // And all of it works as before.
        await ConvertsAsync(_nobody);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(_nobody, "/")).Status);
    }

    private static bool IsAvailable(Answer answer) => answer.Status != HttpStatusCode.ServiceUnavailable;

    private static async Task<string> ConvertsAsync(ImageEditorClient client)
    {
        var job = await client.SubmitUntilAcceptedAsync(
            "converter=grayscale", Pictures.Png(40, 30, 7), Guid.NewGuid().ToString("N"), Cancel);
        Assert.Equal(HttpStatusCode.OK, (await client.WaitForEndAsync(job, Cancel)).Status);
        return job;
    }

    private async Task EndsWellAsync(string job)
    {
        Assert.Equal(HttpStatusCode.OK, (await _user.WaitForEndAsync(job, Cancel)).Status);
        await SavedAsync(job);
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

    private async Task UnavailableAsync(Func<Task<Answer>> call)
    {
        var took = Stopwatch.StartNew();
        var answer = await call();
        output.WriteLine($"503 after {took.ElapsedMilliseconds} ms.");
        Problems.AssertProblem(answer, HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.True(took.Elapsed < AnsweredWithin, $"503 came after {took.Elapsed.TotalSeconds:0.0} s.");
        _unavailable.Enqueue(call);
    }

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

    /// <summary>How a part is away.</summary>
    public enum Fault
    {
        /// <summary>Its processes have ended: connections are refused, or taken by a proxy that has nobody behind it.</summary>
        Stopped,

        /// <summary>Its processes are frozen (SIGSTOP): connections are taken and kept, and nothing is answered.</summary>
        Silent,
    }

    /// <summary>A system of its own, since every test takes a part of it away.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        public ImageEditorApp App { get; private set; } = null!;

        public async ValueTask InitializeAsync() => App = await ImageEditorApp.StartAsync(settings: new Dictionary<string, string>
        {
            // One address sends what many would.
            ["gateway/Limits__RequestsPerSecond"] = "100000",
            ["gateway/Limits__UserRequestsPerSecond"] = "100000",
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
