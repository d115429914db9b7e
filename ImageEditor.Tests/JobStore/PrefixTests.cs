using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Jobs.Failures;
using ImageEditor.JobManager.Settings;
using ImageEditor.JobManager.Store;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageEditor.Tests.JobStore;

/// <summary>A store that is killed may keep any prefix of a script's writes. After each of them, a repeat or the sweep must put things right.</summary>
public sealed class PrefixTests(StoreServers servers, ITestOutputHelper output)
{
    private const int MostWrites = 30;

    private static readonly Case[] Cases =
    [
        new("create", Script.Create, (_, _) => Task.CompletedTask, (store, job) => store.CreateAsync(job.Id, job.Converter)),
        new("claim", Script.Claim, (store, job) => store.CreateAsync(job.Id, job.Converter), (store, job) => store.Leases.ClaimAsync(job.Token, job.Converter)),
        new("renew", Script.Renew, ClaimedAsync, (store, job) => store.Leases.RenewAsync(job.Id, 1, 0.5)),
        new("renew a lapsed lease", Script.Renew, LapsedAsync, (store, job) => store.Leases.RenewAsync(job.Id, 1, 0.5)),
        new("complete", Script.Complete, ClaimedAsync, (store, job) => store.CompleteAsync(job.Id, 1)),
        new("complete after a lapsed lease", Script.Complete, LapsedAsync, (store, job) => store.CompleteAsync(job.Id, 1)),
        new("fail for good", Script.Fail, ClaimedAsync, (store, job) => store.FailAsync(job.Id, 1, FailureKind.Final)),
        new("release", Script.Fail, ClaimedAsync, (store, job) => store.FailAsync(job.Id, 1, FailureKind.Released)),
        new("fail for now", Script.Fail, ClaimedAsync, (store, job) => store.FailAsync(job.Id, 1, FailureKind.Unavailable, pause: 0.01)),
        new("cancel while queued", Script.Cancel, (store, job) => store.CreateAsync(job.Id, job.Converter), (store, job) => store.Jobs.DeleteAsync(job.Id)),
        new("cancel while running", Script.Cancel, ClaimedAsync, (store, job) => store.Jobs.DeleteAsync(job.Id)),
        new("drop a result", Script.Cancel, DoneAsync, (store, job) => store.Jobs.DeleteAsync(job.Id)),
        new("fetch", Script.Fetch, DoneAsync, (store, job) => store.Jobs.TouchAsync(job.Id)),
        new("sweep a lost lease", Script.Tidy, OverdueAsync, (store, _) => store.SweepAsync()),
        new("sweep an ended life", Script.Tidy, OverAsync, (store, _) => store.SweepAsync()),
    ];

    public static TheoryData<StoreKind, string> All() => new(
        from kind in Enum.GetValues<StoreKind>()
        from name in Cases.Select(script => script.Name)
        select (kind, name));

    [Theory, MemberData(nameof(All))]
    public async Task Script_CutOffAfterAnyWrite_IsPutRight(StoreKind kind, string name)
    {
        var server = await servers.GetAsync(kind);
        var script = Cases.Single(script => script.Name == name);
        var writes = 0;
        foreach (var repeat in new[] { true, false })
        {
            var cut = true;
            for (writes = 0; cut && writes < MostWrites; writes++)
            {
                await using var store = await TestStore.OpenAsync(server);
                await using var killed = await OpenCutAsync(server, script.Script, writes);
                var job = new Subject(TestStore.NewId(), "contrast", $"token-{writes}-{repeat}");
                await script.Arrange(store, job);

                cut = await IsCutAsync(() => script.Act(killed, job));
                if (repeat)
                {
                    await script.Act(store, job);
                }

                await PutRightAsync(store, job);
            }

            Assert.InRange(writes, 1, MostWrites - 1);
        }

        output.WriteLine($"{name}: {writes - 1} writes");
    }

    /// <summary>Whatever was cut off: what is there now runs to its end, and leaves nothing.</summary>
    private static async Task PutRightAsync(TestStore store, Subject job)
    {
        // The time comes at which the sweep looks at it: no entry may lie further ahead than a life or a lease.
        await LookAsync(store, job);
        await Until.TrueAsync("the job has ended", TimeSpan.FromSeconds(20), async () =>
        {
            await store.SweepAsync();
            while (await store.ClaimAsync(job.Converter) is { } claim)
            {
                Assert.Equal(TestStore.Image($"{job.Id}", 100), await store.BytesAsync((await store.ReadAsync(job.Id)).Input!));
                Assert.Equal(Outcomes.Completed, await store.CompleteAsync(job.Id, claim.Attempt));
            }

            var now = await store.Jobs.ReadAsync(job.Id);
            if (now is { State: JobState.Running })
            {
                await store.ExpireLeaseAsync(job.Id);
            }

            return now is null or { Ended: true };
        });
        if (await store.Jobs.ReadAsync(job.Id) is { State: JobState.Done, Result: { } result } done)
        {
            var bytes = await store.BytesAsync(result);
            Assert.Contains(Enumerable.Range(1, 5), attempt => bytes.AsSpan().SequenceEqual(TestStore.Image($"{job.Id}/{attempt}", 100)));
        }

        await LookAsync(store, job);
        await store.SweepAsync();
        await store.AuditAsync();
        await Invariants.CheckAsync(store);
        if (await store.Database.KeyExistsAsync(StoreKeys.Job(job.Id)))
        {
            await store.ExpireLifeAsync(job.Id);
        }

        await store.SweepAsync();
        await store.AuditAsync();
        Assert.Null(await store.ClaimAsync(job.Converter));
        await Invariants.CheckEmptyAsync(store);
    }

    /// <summary>Brings the job's time to be looked at; it is only brought forward, and must be there if there is a job.</summary>
    private static async Task LookAsync(TestStore store, Subject job)
    {
        var due = await store.Database.SortedSetScoreAsync(StoreKeys.Due, $"{job.Id}");
        Assert.True(due is not null || !await store.Database.KeyExistsAsync(StoreKeys.Job(job.Id)), "the sweep will never look at the job");
        if (due is not null)
        {
            await store.Database.SortedSetAddAsync(StoreKeys.Due, $"{job.Id}", 1);
        }
    }

    private static async Task<bool> IsCutAsync(Func<Task> act)
    {
        try
        {
            await act();
            return false;
        }
        catch (StoreUnavailableException exception) when (exception.Message.Contains(CutScripts.Message, StringComparison.Ordinal))
        {
            return true;
        }
    }

    private static Task<TestStore> OpenCutAsync(StoreServer server, Script script, int writes) => TestStore.OpenAsync(
        server,
        scripts: services => new CutScripts(
            services.GetRequiredService<IOptions<JobsOptions>>(), services.GetRequiredService<IOptions<JobStoreOptions>>(), script, writes),
        empty: false);

    private static async Task ClaimedAsync(TestStore store, Subject job)
    {
        await store.CreateAsync(job.Id, job.Converter);
        await store.ClaimAsync(job.Converter);
    }

    private static async Task LapsedAsync(TestStore store, Subject job)
    {
        await OverdueAsync(store, job);
        await store.SweepAsync();
    }

    private static async Task OverdueAsync(TestStore store, Subject job)
    {
        await ClaimedAsync(store, job);
        await store.ExpireLeaseAsync(job.Id);
    }

    private static async Task DoneAsync(TestStore store, Subject job)
    {
        await ClaimedAsync(store, job);
        await store.CompleteAsync(job.Id, 1);
        await store.Database.HashIncrementAsync(StoreKeys.Job(job.Id), "expires", -1_000);
    }

    private static async Task OverAsync(TestStore store, Subject job)
    {
        await DoneAsync(store, job);
        await store.ExpireLifeAsync(job.Id);
    }

    private sealed record Subject(JobId Id, string Converter, string Token);

    private sealed record Case(string Name, Script Script, Func<TestStore, Subject, Task> Arrange, Func<TestStore, Subject, Task> Act);

    /// <summary>One of the scripts ends with an error after some writes, which stay: as if the store had been killed there.</summary>
    private sealed class CutScripts(IOptions<JobsOptions> jobs, IOptions<JobStoreOptions> store, Script cut, int writes) : Scripts(jobs, store)
    {
        public const string Message = "cut off here";
        private const string Original = "local write = redis.call\n";

        public override string Text(Script script)
        {
            var text = base.Text(script);
            Assert.Contains(Original, text, StringComparison.Ordinal);
            return script != cut ? text : text.Replace(
                Original,
                $$"""
                local left = {{writes}}
                local function write(...)
                    if left == 0 then
                        error('{{Message}}')
                    end
                    left = left - 1
                    return redis.call(...)
                end

                """,
                StringComparison.Ordinal);
        }
    }
}
