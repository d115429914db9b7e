using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ImageEditor.JobManager.Attempts;
using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Configuration;
using ImageEditor.ServiceDefaults.Contracts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace ImageEditor.JobManager.Tests;

/// <summary>Two real replicas on one store, by HTTP.</summary>
public sealed class JobManagerTests(StoreServers servers)
{
    private const int LargeImage = 3_000_000;

    /// <summary>What an input may have where a picture may have 1,000 bytes, the fewest: two of them and a form.</summary>
    private const int SmallestInputLimit = 2_000 + (64 << 10);

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Job_FromReplicaToReplica_EndsWithItsBytes(StoreKind kind)
    {
        var server = await servers.GetAsync(kind);
        await using var store = await TestStore.OpenAsync(server);
        await using var first = await JobManagerProcess.StartAsync(server);
        await using var second = await JobManagerProcess.StartAsync(server);
        var id = TestStore.NewId();
        var (input, result) = (TestStore.Image("input", LargeImage), TestStore.Image("result", LargeImage + 1));
        var events = ReadEventsAsync(second, id);
        var waiting = second.ClaimAsync(waitSeconds: 30);

        using (var created = await first.CreateAsync(id, input))
        {
            Assert.Equal(HttpStatusCode.Created, created.StatusCode);
            Assert.Equal($"/api/jobs/{id}", created.Headers.Location!.OriginalString);
        }

        var claim = await waiting;
        Assert.Equal(($"{id}", 1, "image/png", LargeImage), (claim!.JobId, claim.Attempt, claim.ContentType, claim.Length));
        Assert.Equal(40, claim.Parameters.GetProperty("amount").GetInt32());
        using (var repeated = await second.CreateAsync(id, input))
        {
            Assert.Equal(HttpStatusCode.OK, repeated.StatusCode);
        }

        Assert.Equal(input, await first.Http.GetByteArrayAsync($"/jobs/{id}/input?attempt=1", Cancel));
        Assert.True(await first.RenewAsync(id, 1, 0.25));
        Assert.False(await first.RenewAsync(id, 2));
        using (var pending = await first.GetAsync(id))
        {
            Assert.Equal(HttpStatusCode.Accepted, pending.StatusCode);
            Assert.NotNull(pending.Headers.RetryAfter);
            var body = await pending.Content.ReadFromJsonAsync<JsonElement>(Cancel);
            Assert.Equal(("running", 0.25), (body.GetProperty("state").GetString(), body.GetProperty("progress").GetDouble()));
        }

        Assert.Equal(HttpStatusCode.NoContent, await second.CompleteAsync(id, 1, result));
        Assert.Equal(HttpStatusCode.NoContent, await first.CompleteAsync(id, 1, result));
        using (var done = await first.GetAsync(id))
        {
            Assert.Equal(HttpStatusCode.OK, done.StatusCode);
            Assert.Equal(result.Length, done.Content.Headers.ContentLength);
            Assert.Equal("image/png", done.Content.Headers.ContentType!.MediaType);
            Assert.Equal("{\"faces\":2}", Assert.Single(done.Headers.GetValues("X-Result-Info")));
            Assert.Equal("nosniff", Assert.Single(done.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("sandbox", Assert.Single(done.Headers.GetValues("Content-Security-Policy")));
            Assert.True(done.Headers.CacheControl!.NoStore);
            Assert.Equal(result, await done.Content.ReadAsByteArrayAsync(Cancel));
        }

        var received = await events;
        Assert.Equal("done", received[^1].GetProperty("state").GetString());
        Assert.Equal(200, received[^1].GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Failure_ThatIsFinal_IsTheJobsResponse()
    {
        var server = await servers.GetAsync(StoreKind.Redis);
        await using var store = await TestStore.OpenAsync(server);
        await using var manager = await JobManagerProcess.StartAsync(server);
        var id = TestStore.NewId();
        using var created = await manager.CreateAsync(id, [1, 2, 3]);
        await manager.ClaimAsync();

        var failure = new
        {
            kind = "final",
            status = 422,
            type = "urn:image-editor:problem:not-decodable",
            title = "The image is damaged",
            detail = "Send it whole.",
        };
        Assert.Equal(HttpStatusCode.NoContent, await manager.FailAsync(id, 1, failure));
        Assert.Equal(HttpStatusCode.NoContent, await manager.FailAsync(id, 1, failure));

        using var response = await manager.GetAsync(id);
        var problem = await response.Content.ReadFromJsonAsync<ProblemDetails>(Cancel);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal((failure.type, failure.detail), (problem!.Type, problem.Detail));
        Assert.Equal(HttpStatusCode.BadRequest, await manager.FailAsync(id, 1, new { kind = "nonsense" }));
    }

    [Fact]
    public async Task Result_OfAPictureWithAName_IsNamedAfterItAndItsConverter()
    {
        var server = await servers.GetAsync(StoreKind.Redis);
        await using var store = await TestStore.OpenAsync(server);
        await using var manager = await JobManagerProcess.StartAsync(server);
        foreach (var (name, disposition) in new (string?, string?)[]
        {
            ("caf%C3%A9.jpg", "inline; filename=caf_-contrast.png; filename*=UTF-8''caf%C3%A9-contrast.png"),
            (null, null),
        })
        {
            var id = TestStore.NewId();
            (await manager.CreateAsync(id, [1], name: name)).Dispose();
            await manager.ClaimAsync();
            Assert.Equal(HttpStatusCode.NoContent, await manager.CompleteAsync(id, 1, [1]));

            using var result = await manager.GetAsync(id);

            Assert.Equal(HttpStatusCode.OK, result.StatusCode);
            Assert.Equal(
                disposition,
                result.Content.Headers.NonValidated.TryGetValues("Content-Disposition", out var values) ? values.ToString() : null);
        }

        foreach (var name in new[] { "a%2Fb.jpg", "a%00b.jpg", "%20", new string('a', 256) })
        {
            using var refused = await manager.CreateAsync(TestStore.NewId(), [1], name: name);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
    }

    [Theory]
    [InlineData("""[{"converter":"contrast","parameters":{}}]""", "contrast")]
    [InlineData("""[{"converter":"contrast","parameters":{}},{"converter":"grayscale","parameters":{}}]""", "edited")]
    public async Task Result_OfARecipe_IsNamedAfterItsOnlyStepOrAsEdited(string recipe, string change)
    {
        var server = await servers.GetAsync(StoreKind.Redis);
        await using var store = await TestStore.OpenAsync(server);
        await using var manager = await JobManagerProcess.StartAsync(server);
        var id = TestStore.NewId();
        byte[] steps = Encoding.UTF8.GetBytes(recipe);
        using (var created = await manager.CreateAsync(
            id, [.. steps, 1, 2, 3], more: $"&recipeLength={steps.Length}", name: "holiday.jpg"))
        {
            Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        }

        Assert.Equal(3, (await manager.ClaimAsync(recipes: true))!.Length);
        Assert.Equal(HttpStatusCode.NoContent, await manager.CompleteAsync(id, 1, [1]));

        using var result = await manager.GetAsync(id);

        Assert.Equal(
            $"inline; filename=holiday-{change}.png; filename*=UTF-8''holiday-{change}.png",
            result.Content.Headers.NonValidated["Content-Disposition"].ToString());
    }

    /// <summary>A process at its limit of recipes asks for other jobs: it must not be woken in the place of one that has room.</summary>
    [Fact]
    public async Task Recipe_ThatComes_WakesWhoTakesRecipes()
    {
        var server = await servers.GetAsync(StoreKind.Redis);
        await using var store = await TestStore.OpenAsync(server);
        await using var manager = await JobManagerProcess.StartAsync(server);
        byte[] steps = [.. """[{"converter":"contrast","parameters":{}}]"""u8];
        List<Task<Claim?>> others = [.. Enumerable.Range(0, 20).Select(_ => manager.ClaimAsync(waitSeconds: 20))];

        for (var time = 0; time < 3; time++)
        {
            var waiting = manager.ClaimAsync(waitSeconds: 20, recipes: true);
            var id = TestStore.NewId();
            (await manager.CreateAsync(id, [.. steps, 1], more: $"&recipeLength={steps.Length}")).Dispose();

            // A poll a second wakes one of those that wait: 21 would take 20 s.
            var claim = await waiting.WaitAsync(TimeSpan.FromSeconds(4), Cancel);
            Assert.Equal($"{id}", claim!.JobId);
        }

        // They are not forgotten either.
        foreach (var _ in others)
        {
            (await manager.CreateAsync(TestStore.NewId(), [1])).Dispose();
        }

        Assert.All(await Task.WhenAll(others), Assert.NotNull);
    }

    [Fact]
    public async Task Requests_ThatAreWrong_AreRefusedByKind()
    {
        var server = await servers.GetAsync(StoreKind.Redis);
        await using var store = await TestStore.OpenAsync(server);
        await using var manager = await JobManagerProcess.StartAsync(
            server, ("Pictures__MaxBytes", "1000"), ("Jobs__MaxResultBytes", "2000"));
        var id = TestStore.NewId();

        using (var stranger = new HttpClient { BaseAddress = manager.Http.BaseAddress })
        {
            using var refused = await stranger.GetAsync($"/api/jobs/{id}", Cancel);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        // Nothing but an id ever becomes part of a key.
        string[] paths =
        [
            $"/api/jobs/{id}", "/api/jobs/x", "/api/jobs/p0-%0a", $"/api/jobs/{$"{id}".ToUpperInvariant()}", $"/jobs/{id}/input?attempt=1",
        ];
        foreach (var path in paths)
        {
            Assert.Equal(HttpStatusCode.NotFound, await manager.StatusAsync(path));
        }

        Assert.Equal(HttpStatusCode.BadRequest, await manager.StatusAsync("/api/jobs/events"));
        Assert.Equal(
            HttpStatusCode.BadRequest,
            await manager.StatusAsync("/api/jobs/events?" + string.Join('&', Enumerable.Repeat($"id={id}", 101))));
        using (var tooLarge = await manager.CreateAsync(id, new byte[SmallestInputLimit + 1]))
        {
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLarge.StatusCode);
        }

        using (var empty = await manager.CreateAsync(id, []))
        {
            Assert.Equal(HttpStatusCode.BadRequest, empty.StatusCode);
        }

        using (var badConverter = await manager.CreateAsync(id, [1], "no/such:name"))
        {
            Assert.Equal(HttpStatusCode.BadRequest, badConverter.StatusCode);
        }

        foreach (var images in new[] { "{}", "[" })
        {
            using var badImages = await manager.CreateAsync(id, [1], images: images);
            Assert.Equal(HttpStatusCode.BadRequest, badImages.StatusCode);
        }

        using (var created = await manager.CreateAsync(id, [1]))
        {
            Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        }

        await manager.ClaimAsync();
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await manager.CompleteAsync(id, 1, new byte[2001]));
        using (var cancelled = await manager.Http.DeleteAsync($"/api/jobs/{id}", Cancel))
        {
            Assert.Equal(HttpStatusCode.NoContent, cancelled.StatusCode);
        }

        Assert.Equal(HttpStatusCode.Gone, await manager.StatusAsync($"/api/jobs/{id}"));
        Assert.False(await manager.RenewAsync(id, 1));
        Assert.Equal(HttpStatusCode.Gone, await manager.CompleteAsync(id, 1, [1]));
        await Invariants.CheckAsync(store);
    }

    [Fact]
    public async Task Create_IntoAFullQueueOrStore_Is429WithRetryAfter()
    {
        var server = await servers.GetAsync(StoreKind.Redis);
        await using var store = await TestStore.OpenAsync(server);
        await using var manager = await JobManagerProcess.StartAsync(
            server,
            ("Jobs__MaxQueued", "1"),
            ("Pictures__MaxBytes", "1000"),
            ("Jobs__MaxResultBytes", "40000"),
            ("Jobs__MaxPreviewBytes", "4000"),
            ("JobStore__MemoryBytes", "560000"));
        using var created = await manager.CreateAsync(TestStore.NewId(), new byte[SmallestInputLimit]);
        using var queueFull = await manager.CreateAsync(TestStore.NewId(), new byte[100]);
        using var second = await manager.CreateAsync(TestStore.NewId(), new byte[SmallestInputLimit], "grayscale");
        using var storeFull = await manager.CreateAsync(TestStore.NewId(), new byte[SmallestInputLimit], "upscale");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (created.StatusCode, second.StatusCode));
        foreach (var (response, type) in new[] { (queueFull, "queue-full"), (storeFull, "store-full") })
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
            Assert.NotNull(response.Headers.RetryAfter);
            Assert.Equal("urn:image-editor:problem:" + type, (await response.Content.ReadFromJsonAsync<ProblemDetails>(Cancel))!.Type);
        }
    }

    /// <summary>Who is alone may have half the room for inputs: the largest has to fit into that.</summary>
    [Theory, InlineData(540_000, false), InlineData(541_000, true)]
    public void Options_WithRoomForInputs_HaveToHoldTheLargestTwice(long memory, bool isEnough)
    {
        var store = new JobStoreOptions { MemoryBytes = memory };
        var validator = new JobsOptionsValidator(Options.Create(store), Options.Create(new PictureOptions { MaxBytes = 1_000 }));

        var result = validator.Validate(name: null, new JobsOptions { MaxResultBytes = 40_000, MaxPreviewBytes = 4_000 });

        Assert.Equal(isEnough, result.Succeeded);
        Assert.Equal(!isEnough, result.FailureMessage?.Contains("JobStore:InputShare", StringComparison.Ordinal) ?? false);
    }

    [Fact]
    public async Task Refusals_BeforeALargeBodyIsRead_ReachTheirCallerEachTime()
    {
        var server = await servers.GetAsync(StoreKind.Redis);
        await using var store = await TestStore.OpenAsync(server);
        await using var manager = await JobManagerProcess.StartAsync(server, ("Pictures__MaxBytes", "1000"));
        var image = new byte[40 << 20];
        for (var i = 0; i < 10; i++)
        {
            using var tooLarge = await manager.CreateAsync(TestStore.NewId(), image);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLarge.StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, await manager.CompleteAsync(TestStore.NewId(), 1, image));
        }
    }

    [Theory, InlineData("Content-Length: 1000\r\n\r\nonly this"), InlineData("Transfer-Encoding: chunked\r\n\r\n9\r\nonly this\r\n")]
    public async Task Create_WithATruncatedBody_StoresNothing(string rest)
    {
        var server = await servers.GetAsync(StoreKind.Redis);
        await using var store = await TestStore.OpenAsync(server);
        await using var manager = await JobManagerProcess.StartAsync(server);
        var (cut, whole) = (TestStore.NewId(), TestStore.NewId());
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(IPAddress.Loopback, manager.Http.BaseAddress!.Port, Cancel);
            var key = manager.Http.DefaultRequestHeaders.GetValues("X-Internal-Key").Single();
            var stream = client.GetStream();
            var request = $"POST /jobs?id={cut}&converter=contrast&parameters=%7B%7D HTTP/1.1\r\n"
                + $"Host: x\r\nX-Internal-Key: {key}\r\nContent-Type: image/png\r\n{rest}";
            await stream.WriteAsync(Encoding.ASCII.GetBytes(request), Cancel);
            client.Client.Shutdown(SocketShutdown.Send);

            // The server has noticed once it hangs up, with or without an answer.
            await stream.CopyToAsync(Stream.Null, Cancel);
        }

        using (var created = await manager.CreateAsync(whole, [1]))
        {
            Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        }

        Assert.Null(await store.Jobs.ReadAsync(cut));
        Assert.Single(await store.Database.HashKeysAsync("ie:{p0}:sizes"));
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Store_KilledAndBack_CausesA503AndThenServesAsBefore(StoreKind kind)
    {
        await using var server = await StoreServer.StartAsync(kind);
        await using var manager = await JobManagerProcess.StartAsync(server);
        var id = TestStore.NewId();
        using (var created = await manager.CreateAsync(id, [1, 2, 3]))
        {
            Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        }

        await server.KillAsync();
        using (var refused = await manager.GetAsync(id))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
            Assert.Equal("urn:image-editor:problem:unavailable", (await refused.Content.ReadFromJsonAsync<ProblemDetails>(Cancel))!.Type);
        }

        await server.StartAsync();
        await Until.TrueAsync(
            "the job is there again", Timeout, async () => await manager.StatusAsync($"/api/jobs/{id}") == HttpStatusCode.Accepted, Cancel);
        Assert.Equal($"{id}", (await manager.ClaimAsync(waitSeconds: 20))!.JobId);
    }

    [Fact]
    public async Task Stop_WhileCallersWait_EndsTheirCallsAndTheProcess()
    {
        var server = await servers.GetAsync(StoreKind.Redis);
        await using var store = await TestStore.OpenAsync(server);
        await using var manager = await JobManagerProcess.StartAsync(server);
        var id = TestStore.NewId();
        await store.CreateAsync(id, "upscale");
        var claim = manager.ClaimAsync(waitSeconds: 30);
        using var stream = await manager.Http.GetAsync($"/api/jobs/events?id={id}", HttpCompletionOption.ResponseHeadersRead, Cancel);

        Assert.Equal(0, await manager.StopAsync());

        Assert.Null(await claim);
        Assert.Contains("\"queued\"", await stream.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sweep_ByAnotherReplica_RequeuesTheJobOfOneThatStopped()
    {
        var server = await servers.GetAsync(StoreKind.Redis);
        await using var store = await TestStore.OpenAsync(server);
        (string, string)[] settings =
        [
            ("Jobs__Lease", "00:00:01"), ("Jobs__Heartbeat", "00:00:00.5"),
            ("Jobs__ResultRetention", "00:00:01"), ("Jobs__AuditInterval", "00:00:01"),
        ];
        await using var second = await JobManagerProcess.StartAsync(server, settings);
        var id = TestStore.NewId();
        await using (var first = await JobManagerProcess.StartAsync(server, settings))
        {
            using var created = await first.CreateAsync(id, [1]);
            Assert.Equal(1, (await first.ClaimAsync())!.Attempt);
        }

        // No renewal: the lease expires, and the caller that waits at the other replica gets the job.
        Assert.Equal(2, (await second.ClaimAsync(waitSeconds: 30))!.Attempt);
        Assert.Equal(HttpStatusCode.Conflict, await second.CompleteAsync(id, 1, [1]));
        Assert.Equal(HttpStatusCode.NoContent, await second.CompleteAsync(id, 2, [2]));
        Assert.Equal([2], await second.Http.GetByteArrayAsync($"/api/jobs/{id}", Cancel));
        await Until.TrueAsync(
            "the store is empty but for its clock and whose turn it is",
            Timeout,
            async () => (await store.KeysAsync()).All(key => key == StoreKeys.Clock || key == StoreKeys.Turns("contrast")),
            Cancel);
    }

    [Fact]
    public async Task Start_WithSettingsThatCannotWork_FailsAndSaysWhy()
    {
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "JobManager.dll"), "--urls", $"http://127.0.0.1:{Ports.Free()}",
            "--Jobs:Lease=00:00:00.5", "--InternalKey=x", "--ConnectionStrings:job-store=127.0.0.1:1",
        ];
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(Cancel);
        var errors = await process.StandardError.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        Assert.NotEqual(0, process.ExitCode);
        Assert.Contains(
            "Jobs:Heartbeat (00:00:01) must be shorter than Jobs:Lease (00:00:00.5000000)", errors + await output, StringComparison.Ordinal);
    }

    private static async Task<List<JsonElement>> ReadEventsAsync(JobManagerProcess manager, JobId id)
    {
        // The job is not there yet: the stream of an unknown job ends at once.
        await Until.TrueAsync(
            "the job is there", Timeout, async () => await manager.StatusAsync($"/api/jobs/{id}") is not HttpStatusCode.NotFound);
        using var response = await manager.Http.GetAsync($"/api/jobs/events?id={id}", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        var events = new List<JsonElement>();
        await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync())
        {
            Assert.Equal("job", item.EventType);
            events.Add(JsonDocument.Parse(item.Data).RootElement);
        }

        return events;
    }
}
