using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Saves;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.JobManager.Tests.Store;

/// <summary>A claim reserves what its job can yield at most; results that were sent make room for others.</summary>
public sealed class ResultRoomTests(StoreServers servers, ITestOutputHelper output)
{
    private const int Megabyte = 1 << 20;

    /// <summary>The most that a JPEG of 512×384 can yield, as ConversionManager computes it (<c>ResultYieldTests</c>).</summary>
    private const int SmallYield = 716_391;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Claim_OfSmallPicturesWithTheDefaultMemory_RunsHundredsAtOnce(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var running = 0;
        while (running < 2_000)
        {
            await store.CreateAsync(TestStore.NewId(), yield: SmallYield);
            if (await store.ClaimAsync() is null)
            {
                break;
            }

            running++;
        }

        output.WriteLine($"{running} jobs run at once, each with {(await UsedAsync(store, "room")) / running} bytes.");
        Assert.InRange(running, 500, 1_999);
        Assert.Equal(running, await UsedAsync(store, "running"));
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task EachEndOfAnAttempt_GivesBackWhatItReserved(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        (string Name, Func<JobId, Task> End)[] ends =
        [
            ("complete", id => store.CompleteAsync(id, 1)),
            ("fail", id => store.FailAsync(id, 1, FailureKind.Final)),
            ("release", id => store.FailAsync(id, 1, FailureKind.Released)),
            ("cancel", id => store.Jobs.DeleteAsync(id)),
            ("expire", async id =>
            {
                await store.ExpireLeaseAsync(id);
                await store.SweepAsync();
            }),
        ];
        foreach (var owner in (string?[])[null, TestStore.Owner])
        {
            foreach (var atOnce in (bool[])[false, true])
            {
                foreach (var (name, end) in ends)
                {
                    // A queue of its own: a job that goes back to it is claimed by nobody else.
                    var (id, queue) = (TestStore.NewId(), $"{name}-{atOnce}-{owner?.Length}".ToLowerInvariant());
                    if (atOnce)
                    {
                        Assert.Equal(
                            (ScriptResult.Created, 1), await store.StartAsync(id, "token-of-a-slot", queue, owner: owner, yield: 1_000));
                    }
                    else
                    {
                        await store.CreateAsync(id, queue, owner: owner, yield: 1_000);
                        Assert.NotNull(await store.ClaimAsync(queue));
                    }

                    Assert.Equal(
                        (1_000 + store.JobsOptions.PreviewsReservation, 1),
                        (await UsedAsync(store, "room"), await UsedAsync(store, "running")));
                    await Invariants.CheckAsync(store);

                    await end(id);

                    Assert.Equal((0, 0), (await UsedAsync(store, "room"), await UsedAsync(store, "running")));
                    Assert.Equal(0, await UsedAsync(store, "hold"));
                    await Invariants.CheckAsync(store);
                }
            }
        }
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Renew_OfAnExpiredLease_ReservesTheSameAgain(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var id = TestStore.NewId();
        await store.CreateAsync(id, yield: 1_000);
        await store.ClaimAsync();
        await store.ExpireLeaseAsync(id);
        await store.SweepAsync();

        Assert.Equal(ScriptResult.Renewed, await store.Leases.RenewAsync(id, 1, null));

        Assert.Equal(1_000 + store.JobsOptions.PreviewsReservation, await UsedAsync(store, "room"));
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Audit_OfSumsThatAreWrong_CountsThemAgain(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        await store.CreateAsync(TestStore.NewId(), yield: 1_000);
        await store.ClaimAsync();
        await store.Database.HashSetAsync(StoreKeys.Usage, "room", 5);
        await store.Database.HashSetAsync(StoreKeys.Usage, "running", 7);

        await store.AuditAsync();

        await Invariants.CheckAsync(store);
    }

    /// <summary>The release before stored jobs without the field, and counted no running jobs.</summary>
    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Job_OfTheReleaseBefore_ReservesAndYieldsTheMost(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(
            await servers.GetAsync(kind), jobs => jobs.MaxResultBytes = 2 * Megabyte, memory => memory.MemoryBytes = 64L * Megabyte);
        var (queued, running) = (TestStore.NewId(), TestStore.NewId());
        await store.CreateAsync(running);
        await store.ClaimAsync();
        await store.CreateAsync(queued);
        foreach (var id in new[] { queued, running })
        {
            await store.Database.HashDeleteAsync(StoreKeys.Job(id), "yield");
        }

        await store.Database.HashDeleteAsync(StoreKeys.Usage, "running");
        await store.AuditAsync();
        Assert.NotNull(await store.ClaimAsync());
        Assert.Equal(2 * store.JobsOptions.ResultReservation, await UsedAsync(store, "room"));
        await Invariants.CheckAsync(store);

        Assert.Equal(ScriptResult.Completed, await store.CompleteAsync(running, 1, 2 * Megabyte));
        Assert.Equal(ScriptResult.TooLarge, await store.CompleteAsync(queued, 1, (2 * Megabyte) + 1));
        Assert.Equal(ScriptResult.Completed, await store.CompleteAsync(queued, 1, 2 * Megabyte));

        Assert.Equal(0, await UsedAsync(store, "room"));
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Complete_WithMoreThanTheJobCanYield_IsRefusedAndCountsAsAnError(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var id = TestStore.NewId();
        await store.CreateAsync(id, yield: 1_000);
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            Assert.Equal(attempt, (await store.ClaimAsync())!.Attempt);
            Assert.Equal(ScriptResult.TooLarge, await store.CompleteAsync(id, attempt, 1_001));
            Assert.Equal(JobState.Running, (await store.ReadAsync(id)).State);
            await Invariants.CheckAsync(store);
            await store.FailAsync(id, attempt, FailureKind.Error);
            await store.EndDelayAsync(id);
            await store.SweepAsync();
        }

        var job = await store.ReadAsync(id);
        Assert.Equal((JobState.Failed, 500), (job.State, job.Problem!.Status));
        Assert.Equal(0, await UsedAsync(store, "out"));
        await Invariants.CheckAsync(store);
    }

    /// <summary>The last room is for one of them, however small both are.</summary>
    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Claim_ByTwoAtOnceForTheLastRoom_IsOfOne(StoreKind kind)
    {
        var server = await servers.GetAsync(kind);

        // Room for the largest result (1,100 with its previews) and, beside it, for a job of 200.
        static void Memory(JobStoreOptions memory) => (memory.MemoryBytes, memory.ResultShare) = (2_600_000, 1_250.0 / 2_600_000);
        static void Jobs(JobsOptions jobs) => (jobs.MaxResultBytes, jobs.MaxPreviewBytes) = (1_000, 50);
        await using var one = await TestStore.OpenAsync(server, Jobs, Memory);
        await using var other = await TestStore.OpenAsync(server, Jobs, Memory, empty: false);
        for (var round = 0; round < 30; round++)
        {
            JobId[] ids = [TestStore.NewId(), TestStore.NewId()];
            foreach (var id in ids)
            {
                await one.CreateAsync(id, yield: 100);
            }

            var claims = await Task.WhenAll(one.ClaimAsync(), other.ClaimAsync());
            Assert.Single(claims, claim => claim is not null);
            Assert.Null(await one.ClaimAsync());
            await Invariants.CheckAsync(one);

            foreach (var id in ids)
            {
                await one.Jobs.DeleteAsync(id);
            }
        }
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Claim_WithoutRoom_DropsWhatWasSentTheOldestFirst(StoreKind kind)
    {
        await using var store = await OpenFullAsync(kind);
        var ids = await FillAsync(store, length: 1_000);
        await store.CreateAsync(TestStore.NewId(), yield: 100);
        Assert.Null(await store.ClaimAsync());

        // The second was sent before the first, the third less than ten minutes ago.
        await DeliverAsync(store, ids[0], TimeSpan.FromMinutes(20));
        await DeliverAsync(store, ids[1], TimeSpan.FromMinutes(30));
        await DeliverAsync(store, ids[2], TimeSpan.FromMinutes(9));
        Assert.NotNull(await store.ClaimAsync());

        Assert.Null(await store.Jobs.ReadAsync(ids[1]));
        Assert.NotNull(await store.Jobs.ReadAsync(ids[0]));
        await Invariants.CheckAsync(store);

        // The next one takes the next, and then there is none any more.
        while (await store.Jobs.ReadAsync(ids[0]) is not null)
        {
            await store.CreateAsync(TestStore.NewId(), yield: 400);
            Assert.NotNull(await store.ClaimAsync());
        }

        JobId waiting;
        do
        {
            waiting = TestStore.NewId();
            await store.CreateAsync(waiting, yield: 400);
        }
        while (await store.ClaimAsync() is not null);
        Assert.All(await Task.WhenAll(ids[2..].Select(store.ReadAsync)), job => Assert.Equal(JobState.Done, job.State));
        Assert.Equal(JobState.Queued, (await store.ReadAsync(waiting)).State);
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Create_OfAJobWhoseResultMadeRoom_RunsItAnew(StoreKind kind)
    {
        await using var store = await OpenFullAsync(kind);
        var ids = await FillAsync(store);
        await DeliverAsync(store, ids[0], TimeSpan.FromMinutes(20));

        Assert.True(await store.Delivered.MakeRoomAsync());

        Assert.Null(await store.Jobs.ReadAsync(ids[0]));
        Assert.False(await store.Jobs.ExtendRetentionAsync(ids[0]));
        Assert.Equal(ScriptResult.Created, await store.CreateAsync(ids[0], yield: 400));
        Assert.Equal((1, $"{ids[0]}"), ((await store.ClaimAsync())!.Attempt, $"{ids[0]}"));
        Assert.Equal(ScriptResult.Completed, await store.CompleteAsync(ids[0], 1, 300));
        Assert.Equal(TestStore.Image($"{ids[0]}/1", 300), await store.BytesAsync((await store.ReadAsync(ids[0])).Result!));
        await Invariants.CheckAsync(store);
    }

    /// <summary>Before the sweep could remove anything of it.</summary>
    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Create_RepeatedForAResultThatWasSent_IsPromisedIt(StoreKind kind)
    {
        await using var store = await OpenFullAsync(kind);
        var ids = await FillAsync(store);
        await DeliverAsync(store, ids[0], TimeSpan.FromMinutes(20));

        Assert.Equal(ScriptResult.Exists, await store.CreateAsync(ids[0]));

        Assert.False(await store.Delivered.MakeRoomAsync());
        Assert.Equal(JobState.Done, (await store.ReadAsync(ids[0])).State);
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task MakeRoom_OfAJobWhoseSaveWaits_KeepsWhatTheSaveNeeds(StoreKind kind)
    {
        await using var store = await OpenFullAsync(kind);
        var ids = await FillAsync(store, TestStore.Owner);
        await DeliverAsync(store, ids[0], TimeSpan.FromMinutes(20));
        var before = await UsedAsync(store, "out");

        Assert.True(await store.Delivered.MakeRoomAsync());

        Assert.Equal(before - 300, await UsedAsync(store, "out"));
        Assert.Null(await store.Jobs.ReadAsync(ids[0]));
        await Invariants.CheckAsync(store);
        var (original, result) = (await store.Saves.FindImagesAsync(ids[0]))!;
        Assert.Equal(TestStore.Image($"{ids[0]}", 100), await store.BytesAsync(original));
        Assert.Equal(TestStore.Image($"{ids[0]}/1", 300), await store.BytesAsync(result));
        while (await store.ClaimSaveAsync() is { } save)
        {
            Assert.True(JobId.TryParse(save.JobId, out var id));
            Assert.Equal(ScriptResult.Saved, await store.EndSaveAsync(id, save.Attempt, SaveOutcome.Saved));
        }

        await store.SweepAsync();
        Assert.False(await store.Database.KeyExistsAsync(StoreKeys.Job(ids[0])));
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task MakeRoom_WhileTheResultIsFetchedAgain_LeavesIt(StoreKind kind)
    {
        await using var store = await OpenFullAsync(kind);
        var ids = await FillAsync(store);
        await DeliverAsync(store, ids[0], TimeSpan.FromMinutes(20));

        // As a fetch begins.
        Assert.True(await store.Jobs.ExtendRetentionAsync(ids[0]));

        Assert.False(await store.Delivered.MakeRoomAsync());
        Assert.Equal(TestStore.Image($"{ids[0]}/1", 300), await store.BytesAsync((await store.ReadAsync(ids[0])).Result!));
        await Invariants.CheckAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task MakeRoom_WhereThereIsEnough_DropsNothing(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(await servers.GetAsync(kind));
        var id = TestStore.NewId();
        await store.CreateAsync(id, yield: 400);
        await store.ClaimAsync();
        await store.CompleteAsync(id, 1, 300);
        await DeliverAsync(store, id, TimeSpan.FromMinutes(1));

        await store.Delivered.MakeRoomAsync();

        Assert.Equal(JobState.Done, (await store.ReadAsync(id)).State);
        await Invariants.CheckAsync(store);
    }

    /// <summary>Four at once drop each result once, and no more than is needed for room and its spare part.</summary>
    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Claim_ByManyAtOnceWithoutRoom_DropsNoMoreThanNeeded(StoreKind kind)
    {
        await using var store = await OpenFullAsync(kind);
        var ids = await FillAsync(store);
        foreach (var id in ids)
        {
            await DeliverAsync(store, id, TimeSpan.FromMinutes(20));
        }

        for (var i = 0; i < 4; i++)
        {
            await store.CreateAsync(TestStore.NewId(), yield: 100);
        }

        var claims = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => store.ClaimAsync()));

        Assert.All(claims, Assert.NotNull);
        var left = (await Task.WhenAll(ids.Select(id => store.Jobs.ReadAsync(id)))).Count(job => job is not null);
        Assert.InRange(left, ids.Count - 4, ids.Count - 3);
        await Invariants.CheckAsync(store);
    }

    /// <summary>The lives of two results end: by its sending, and by its time. Neither leaves anything.</summary>
    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Sweep_OfResultsThatWereSent_LeavesNothing(StoreKind kind)
    {
        await using var store = await OpenFullAsync(kind);
        var ids = await FillAsync(store);
        foreach (var id in ids)
        {
            await DeliverAsync(store, id, TimeSpan.FromMinutes(20));
        }

        await store.Jobs.DeleteAsync(ids[1]);
        await Invariants.CheckAsync(store);
        await store.Delivered.MakeRoomAsync();
        foreach (var id in ids.Skip(1))
        {
            if (await store.Database.KeyExistsAsync(StoreKeys.Job(id)))
            {
                await store.ExpireRetentionAsync(id);
            }
        }

        await store.SweepAsync();
        await store.AuditAsync();
        await Invariants.CheckEmptyAsync(store);
    }

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Fetch_OfAWholeResult_IsNotedAndOneThatWasCutIsNot(StoreKind kind)
    {
        var server = await servers.GetAsync(kind);
        await using var store = await TestStore.OpenAsync(server);
        await using var manager = await JobManagerProcess.StartAsync(server);
        var ids = Enumerable.Range(0, 4).Select(_ => TestStore.NewId()).ToArray();
        foreach (var id in ids)
        {
            await store.CreateAsync(id);
            await store.ClaimAsync();
            await store.CompleteAsync(id, 1, 32 * Megabyte);
        }

        await CutAsync(manager, $"/api/jobs/{ids[0]}");
        using (var fetched = await manager.GetAsync(ids[1]))
        {
            Assert.Equal(HttpStatusCode.OK, fetched.StatusCode);
            Assert.Equal(32 * Megabyte, (await fetched.Content.ReadAsByteArrayAsync(Cancellation)).Length);
        }

        await manager.Http.GetByteArrayAsync($"/jobs/{ids[2]}/outcome?waitMilliseconds=1000", Cancellation);

        // Of the last one another process says so, which has sent it.
        var deliveries = new { jobIds = new[] { $"{ids[3]}", $"{TestStore.NewId()}" } };
        using (var told = await manager.Http.PutAsJsonAsync("/jobs/delivered", deliveries, Cancellation))
        {
            Assert.Equal(HttpStatusCode.NoContent, told.StatusCode);
        }

        await Until.TrueAsync(
            "three are noted",
            Timeout,
            async () => await store.Database.SortedSetLengthAsync(StoreKeys.Delivered) == 3,
            Cancellation);
        Assert.Null(await store.Database.SortedSetScoreAsync(StoreKeys.Delivered, $"{ids[0]}"));
        await Invariants.CheckAsync(store);

        // Fetched again, and cut this time: whoever did it asks once more.
        await CutAsync(manager, $"/api/jobs/{ids[1]}");
        Assert.Null(await store.Database.SortedSetScoreAsync(StoreKeys.Delivered, $"{ids[1]}"));
    }

    [Fact]
    public async Task Create_WithAYield_BoundsTheResult()
    {
        var server = await servers.GetAsync(StoreKind.Redis);
        await using var store = await TestStore.OpenAsync(server);
        await using var manager = await JobManagerProcess.StartAsync(server);
        foreach (var (yield, status) in ((string, HttpStatusCode)[])
            [("0", HttpStatusCode.BadRequest), ("-1", HttpStatusCode.BadRequest), ("x", HttpStatusCode.BadRequest)])
        {
            using var refused = await manager.CreateAsync(TestStore.NewId(), [1], more: $"&yield={yield}");
            Assert.Equal(status, refused.StatusCode);
        }

        var (small, huge) = (TestStore.NewId(), TestStore.NewId());
        (await manager.CreateAsync(small, [1], more: "&yield=1000")).Dispose();
        await manager.ClaimAsync();
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await manager.CompleteAsync(small, 1, new byte[1_001]));
        Assert.Equal(HttpStatusCode.NoContent, await manager.CompleteAsync(small, 1, new byte[1_000]));

        // More than any result may have is that.
        (await manager.CreateAsync(huge, [1], "grayscale", more: "&yield=100000000000")).Dispose();
        Assert.Equal(store.JobsOptions.MaxResultBytes, (long)await store.Database.HashGetAsync(StoreKeys.Job(huge), "yield"));
        await Invariants.CheckAsync(store);
    }

    /// <summary>Room for results of 300 bytes, ten of them beside the largest one of 1,100, and a spare part of 250. What was sent stays
    /// for ten minutes.</summary>
    private async Task<TestStore> OpenFullAsync(StoreKind kind) => await TestStore.OpenAsync(
        await servers.GetAsync(kind),
        jobs => (jobs.MaxResultBytes, jobs.MaxPreviewBytes, jobs.DeliveredRetention) = (1_000, 50, TimeSpan.FromMinutes(10)),
        memory => (memory.MemoryBytes, memory.ResultShare) = (4_000_000, 4_000.0 / 4_000_000));

    /// <summary>Runs jobs until the next one would find no room.</summary>
    private static async Task<List<JobId>> FillAsync(TestStore store, string? owner = null, int length = 300)
    {
        var ids = new List<JobId>();
        while (await UsedAsync(store, "out") + 1_100 <= 4_000)
        {
            var id = TestStore.NewId();
            await store.CreateAsync(id, owner: owner, yield: length);
            Assert.NotNull(await store.ClaimAsync());
            Assert.Equal(ScriptResult.Completed, await store.CompleteAsync(id, 1, length));
            ids.Add(id);
        }

        return ids;
    }

    /// <summary>A result was sent so long ago.</summary>
    private static async Task DeliverAsync(TestStore store, JobId id, TimeSpan ago)
    {
        store.Delivered.Add(id);
        await store.Delivered.StoreAsync();
        Assert.NotNull(await store.Database.SortedSetScoreAsync(StoreKeys.Delivered, $"{id}"));
        await store.Database.SortedSetDecrementAsync(StoreKeys.Delivered, $"{id}", ago.TotalMilliseconds);
    }

    private static async Task<long> UsedAsync(TestStore store, string pool) =>
        (long)await store.Database.HashGetAsync(StoreKeys.Usage, pool);

    /// <summary>Fetches, reads the headers and a little, and hangs up.</summary>
    private static async Task CutAsync(JobManagerProcess manager, string path)
    {
        using (var client = new TcpClient { ReceiveBufferSize = 4 << 10 })
        {
            client.LingerState = new LingerOption(enable: true, seconds: 0);
            await client.ConnectAsync(IPAddress.Loopback, manager.Http.BaseAddress!.Port, Cancellation);
            var key = manager.Http.DefaultRequestHeaders.GetValues("X-Internal-Key").Single();
            await client.GetStream().WriteAsync(
                Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: x\r\nX-Internal-Key: {key}\r\n\r\n"), Cancellation);
            Assert.StartsWith("HTTP/1.1 200", await ReadAsync(client.GetStream()), StringComparison.Ordinal);
        }
    }

    private static async Task<string> ReadAsync(NetworkStream stream)
    {
        var buffer = new byte[1_000];
        await stream.ReadExactlyAsync(buffer, Cancellation);
        return Encoding.ASCII.GetString(buffer);
    }
}
