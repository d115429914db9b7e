using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Leasing;
using ImageEditor.JobManager.Saves;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace ImageEditor.JobManager.Tests.Store;

/// <summary>A store that is killed may keep any prefix of a script's writes. After each write, a repeat or the sweep must repair the
/// rest.</summary>
public sealed class InterruptedScriptTests(StoreServers servers, ITestOutputHelper output)
{
    private const int MaxWrites = 30;

    /// <summary>The converters of the program that runs the job.</summary>
    private static readonly string[] Program = ["sepia", "contrast"];

    private static readonly Case[] Cases =
    [
        new("create", ScriptName.Create, (_, _) => Task.CompletedTask, (store, job) => store.CreateAsync(job.Id, job.Converter)),
        new(
            "claim", ScriptName.Claim, (store, job) => store.CreateAsync(job.Id, job.Converter),
            (store, job) => store.Leases.ClaimAsync(job.Token, [job.Converter])),
        new("renew", ScriptName.Renew, ClaimedAsync, (store, job) => store.Leases.RenewAsync(job.Id, 1, 0.5)),
        new("renew together", ScriptName.RenewAll, ClaimedAsync, RenewTogetherAsync),
        new("renew together after an expired lease", ScriptName.Renew, LeaseExpiredAsync, RenewTogetherAsync),
        new("renew an expired lease", ScriptName.Renew, LeaseExpiredAsync, (store, job) => store.Leases.RenewAsync(job.Id, 1, 0.5)),
        new("complete", ScriptName.Complete, ClaimedAsync, (store, job) => store.CompleteAsync(job.Id, 1)),
        new("complete after an expired lease", ScriptName.Complete, LeaseExpiredAsync, (store, job) => store.CompleteAsync(job.Id, 1)),
        new("fail finally", ScriptName.Fail, ClaimedAsync, (store, job) => store.FailAsync(job.Id, 1, FailureKind.Final)),
        new("release", ScriptName.Fail, ClaimedAsync, (store, job) => store.FailAsync(job.Id, 1, FailureKind.Released)),
        new(
            "fail temporarily", ScriptName.Fail, ClaimedAsync,
            (store, job) => store.FailAsync(job.Id, 1, FailureKind.Unavailable, delay: 0.01)),
        new(
            "cancel while queued", ScriptName.Cancel, (store, job) => store.CreateAsync(job.Id, job.Converter),
            (store, job) => store.Jobs.DeleteAsync(job.Id)),
        new("cancel while running", ScriptName.Cancel, ClaimedAsync, (store, job) => store.Jobs.DeleteAsync(job.Id)),
        new("drop a result", ScriptName.Cancel, DoneAsync, (store, job) => store.Jobs.DeleteAsync(job.Id)),
        new("extend the retention", ScriptName.ExtendRetention, DoneAsync, (store, job) => store.Jobs.ExtendRetentionAsync(job.Id)),
        new("sweep an expired lease", ScriptName.Sweep, LeaseOverdueAsync, (store, _) => store.SweepAsync()),
        new("sweep an ended retention", ScriptName.Sweep, RetentionOverAsync, (store, _) => store.SweepAsync()),
        new(
            "preview", ScriptName.Preview, PreviewedAsync,
            (store, job) => store.Leases.PreviewAsync(job.Id, 1, TestStore.Image("second", 100), "image/png")),
        new("complete after a preview", ScriptName.Complete, PreviewedAsync, (store, job) => store.CompleteAsync(job.Id, 1)),
        new(
            "create and start", ScriptName.Create, (_, _) => Task.CompletedTask,
            (store, job) => store.StartAsync(job.Id, job.Token, job.Converter, party: "a")),
        new(
            "create and start for an owner", ScriptName.Create, (_, _) => Task.CompletedTask,
            (store, job) => store.StartAsync(job.Id, job.Token, job.Converter, owner: TestStore.Owner)),
        new(
            "create for a party", ScriptName.Create, (_, _) => Task.CompletedTask,
            (store, job) => store.CreateAsync(job.Id, job.Converter, party: "a")),
        new("create for an owner", ScriptName.Create, (_, _) => Task.CompletedTask, CreateOwnedAsync),
        new("claim for an owner", ScriptName.Claim, CreateOwnedAsync, (store, job) => store.Leases.ClaimAsync(job.Token, [job.Converter])),
        new(
            "renew an expired lease for an owner", ScriptName.Renew, OwnedLeaseExpiredAsync,
            (store, job) => store.Leases.RenewAsync(job.Id, 1, 0.5)),
        new("complete for an owner", ScriptName.Complete, OwnedAndClaimedAsync, (store, job) => store.CompleteAsync(job.Id, 1)),
        new(
            "complete for an owner after an expired lease", ScriptName.Complete, OwnedLeaseExpiredAsync,
            (store, job) => store.CompleteAsync(job.Id, 1)),
        new("cancel while running for an owner", ScriptName.Cancel, OwnedAndClaimedAsync, (store, job) => store.Jobs.DeleteAsync(job.Id)),
        new("drop a result that is to be saved", ScriptName.Cancel, ToBeSavedAsync, (store, job) => store.Jobs.DeleteAsync(job.Id)),
        new("claim a save", ScriptName.Claim, ToBeSavedAsync, (store, job) => store.Saves.ClaimAsync(job.Token)),
        new(
            "renew a save together", ScriptName.RenewAll, SavingAsync,
            (store, job) => store.AllLeases.RenewAsync([new HeldLease(LeaseKind.Save, job.Id, 1)])),
        new("renew a save", ScriptName.Renew, SavingAsync, (store, job) => store.Saves.RenewAsync(job.Id, 1)),
        new("renew an expired lease on a save", ScriptName.Renew, SaveLeaseExpiredAsync, (store, job) => store.Saves.RenewAsync(job.Id, 1)),
        new("end a save", ScriptName.EndSave, SavingAsync, (store, job) => store.EndSaveAsync(job.Id, 1, SaveOutcome.Saved)),
        new(
            "end a save after the job's retention", ScriptName.EndSave, SavingAfterRetentionAsync,
            (store, job) => store.EndSaveAsync(job.Id, 1, SaveOutcome.Saved)),
        new(
            "end a save after an expired lease", ScriptName.EndSave, SaveLeaseExpiredAsync,
            (store, job) => store.EndSaveAsync(job.Id, 1, SaveOutcome.Saved)),
        new("refuse a save", ScriptName.EndSave, SavingAsync, (store, job) => store.EndSaveAsync(job.Id, 1, SaveOutcome.Refused)),
        new("retry a save", ScriptName.EndSave, SavingAsync, (store, job) => store.EndSaveAsync(job.Id, 1, SaveOutcome.Retry)),
        new("release a save", ScriptName.EndSave, SavingAsync, (store, job) => store.EndSaveAsync(job.Id, 1, SaveOutcome.Released)),
        new("sweep an expired lease on a save", ScriptName.Sweep, SaveLeaseOverdueAsync, (store, _) => store.SweepAsync()),
        new("sweep the end of a save's delay", ScriptName.Sweep, SaveDelayedAsync, (store, _) => store.SweepAsync()),
        new("sweep a save whose time is over", ScriptName.Sweep, SaveTooLateAsync, (store, _) => store.SweepAsync()),
        new(
            "sweep an ended retention before the save", ScriptName.Sweep, RetentionOverBeforeItsSaveAsync,
            (store, _) => store.SweepAsync()),
        new("sweep an ended retention after the save", ScriptName.Sweep, SavedAfterRetentionAsync, (store, _) => store.SweepAsync()),
        new("note that a result was sent", ScriptName.Deliver, DoneAsync, DeliverAsync),
        new(
            "fetch a result that was sent", ScriptName.ExtendRetention, DeliveredAsync,
            (store, job) => store.Jobs.ExtendRetentionAsync(job.Id)),
        new("drop a result that was sent", ScriptName.Cancel, DeliveredAsync, (store, job) => store.Jobs.DeleteAsync(job.Id)),
        new("make room", ScriptName.Evict, DeliveredAsync, MakeRoomAsync),
        new("make room before the save", ScriptName.Evict, DeliveredBeforeItsSaveAsync, MakeRoomAsync),
        new(
            "create again a result that was sent", ScriptName.Create, DeliveredAsync,
            (store, job) => store.CreateAsync(job.Id, job.Converter)),
        new(
            "create and start what yields little", ScriptName.Create, (_, _) => Task.CompletedTask,
            (store, job) => store.StartAsync(job.Id, job.Token, job.Converter, owner: TestStore.Owner, yield: 200)),
        new(
            "claim what yields little", ScriptName.Claim, (store, job) => store.CreateAsync(job.Id, job.Converter, yield: 200),
            (store, job) => store.Leases.ClaimAsync(job.Token, [job.Converter])),
        new(
            "claim of a program", ScriptName.Claim, CreateInAProgramAsync,
            (store, job) => store.Leases.ClaimAsync(job.Token, Program, recipes: true)),
        new(
            "create and start in a program", ScriptName.Create, (_, _) => Task.CompletedTask,
            (store, job) => store.StartAsync(job.Id, job.Token, job.Converter, party: "a", program: Program, recipes: true)),
        new("create again after the retention", ScriptName.Create, SavingAfterRetentionAsync, CreateOwnedAsync),
    ];

    public static TheoryData<StoreKind, string> All() => new(
        from kind in Enum.GetValues<StoreKind>()
        from name in Cases.Select(script => script.Name)
        select (kind, name));

    [Theory, MemberData(nameof(All))]
    public async Task Script_InterruptedAfterAnyWrite_IsRepaired(StoreKind kind, string name)
    {
        var server = await servers.GetAsync(kind);
        var script = Cases.Single(script => script.Name == name);
        var writes = 0;
        foreach (var repeat in new[] { true, false })
        {
            var cut = true;
            for (writes = 0; cut && writes < MaxWrites; writes++)
            {
                await using var store = await TestStore.OpenAsync(server);
                await using var interrupted = await OpenInterruptedAsync(server, script.Script, writes);
                var job = new TestJob(TestStore.NewId(), "contrast", $"token-{writes}-{repeat}");
                await script.Arrange(store, job);

                cut = await IsInterruptedAsync(() => script.Act(interrupted, job));
                if (repeat)
                {
                    await script.Act(store, job);
                }

                await RepairAsync(store, job);
            }

            Assert.InRange(writes, 1, MaxWrites - 1);
        }

        output.WriteLine($"{name}: {writes - 1} writes");
    }

    /// <summary>In the other queue of the program, whose turn it is, is an entry that leads nowhere.</summary>
    private static async Task CreateInAProgramAsync(TestStore store, TestJob job)
    {
        await store.CreateAsync(job.Id, job.Converter, party: "a");
        await store.Database.SortedSetAddAsync(StoreKeys.Queue(Program[0]), $"{TestStore.NewId()}", 1);
    }

    private static Task<IReadOnlyList<ScriptResult>> RenewTogetherAsync(TestStore store, TestJob job) =>
        store.AllLeases.RenewAsync([new HeldLease(LeaseKind.Job, job.Id, 1, 0.5)]);

    /// <summary>After any interruption: what is there now runs to its end, and leaves nothing.</summary>
    private static async Task RepairAsync(TestStore store, TestJob job)
    {
        // The time comes at which the sweep checks it: no entry may be further ahead than a retention or a lease.
        await MakeDueAsync(store, job);
        await Until.TrueAsync("the job has ended", TimeSpan.FromSeconds(20), async () =>
        {
            await store.SweepAsync();
            while (await store.ClaimAsync(Program, recipes: true) is { } claim)
            {
                Assert.Equal(TestStore.Image($"{job.Id}", 100), await store.BytesAsync((await store.ReadAsync(job.Id)).Input!));
                Assert.Equal(ScriptResult.Completed, await store.CompleteAsync(job.Id, claim.Attempt));
            }

            var now = await store.Jobs.ReadAsync(job.Id);
            if (now is { State: JobState.Running })
            {
                await store.ExpireLeaseAsync(job.Id);
            }

            return now is null or { Ended: true };
        });
        await SaveAsync(store, job);
        if (await store.Jobs.ReadAsync(job.Id) is { State: JobState.Done, Result: { } result })
        {
            AssertIsResult(job, await store.BytesAsync(result));
        }

        await MakeDueAsync(store, job);
        await store.SweepAsync();
        await store.AuditAsync();
        await Invariants.CheckAsync(store);
        if (await store.Database.KeyExistsAsync(StoreKeys.Job(job.Id)))
        {
            await store.ExpireRetentionAsync(job.Id);
        }

        await store.SweepAsync();
        await store.AuditAsync();
        Assert.Null(await store.ClaimAsync(job.Converter));
        await Invariants.CheckEmptyAsync(store);
    }

    /// <summary>Runs the job's save to its end, if it has one.</summary>
    private static async Task SaveAsync(TestStore store, TestJob job)
    {
        await MakeDueAsync(store, job);
        await Until.TrueAsync("the job is saved", TimeSpan.FromSeconds(20), async () =>
        {
            await store.SweepAsync();
            while (await store.ClaimSaveAsync() is { } claim)
            {
                var (original, result) = (await store.Saves.FindImagesAsync(job.Id))!;
                Assert.Equal(TestStore.Image($"{job.Id}", 100), await store.BytesAsync(original));
                AssertIsResult(job, await store.BytesAsync(result));
                Assert.Equal(ScriptResult.Saved, await store.EndSaveAsync(job.Id, claim.Attempt, SaveOutcome.Saved));
            }

            var save = await store.SaveStateAsync(job.Id);
            switch (save)
            {
                case SaveState.Running:
                    await store.ExpireSaveLeaseAsync(job.Id);
                    break;
                case SaveState.Waiting:
                    await store.EndSaveDelayAsync(job.Id);
                    break;
            }

            return save is not (SaveState.Running or SaveState.Waiting);
        });
    }

    private static void AssertIsResult(TestJob job, byte[] bytes) =>
        Assert.Contains(Enumerable.Range(1, 5), attempt => bytes.AsSpan().SequenceEqual(TestStore.Image($"{job.Id}/{attempt}", 100)));

    /// <summary>Makes the job due for the sweep. Its entry must be there if there is a job.</summary>
    private static async Task MakeDueAsync(TestStore store, TestJob job)
    {
        var due = await store.Database.SortedSetScoreAsync(StoreKeys.Due, $"{job.Id}");
        Assert.True(due is not null || !await store.Database.KeyExistsAsync(StoreKeys.Job(job.Id)), "the sweep will never check the job");
        if (due is not null)
        {
            await store.Database.SortedSetAddAsync(StoreKeys.Due, $"{job.Id}", 1);
        }
    }

    private static async Task<bool> IsInterruptedAsync(Func<Task> act)
    {
        try
        {
            await act();
            return false;
        }
        catch (StoreUnavailableException exception) when (exception.Message.Contains(InterruptedScripts.Message, StringComparison.Ordinal))
        {
            return true;
        }
    }

    private static Task<TestStore> OpenInterruptedAsync(StoreServer server, ScriptName script, int writes) => TestStore.OpenAsync(
        server,
        scripts: services => new InterruptedScripts(
            services.GetRequiredService<IScriptConstants>(), script, writes),
        empty: false);

    private static async Task ClaimedAsync(TestStore store, TestJob job)
    {
        await store.CreateAsync(job.Id, job.Converter);
        await store.ClaimAsync(job.Converter);
    }

    private static async Task LeaseExpiredAsync(TestStore store, TestJob job)
    {
        await LeaseOverdueAsync(store, job);
        await store.SweepAsync();
    }

    private static async Task LeaseOverdueAsync(TestStore store, TestJob job)
    {
        await ClaimedAsync(store, job);
        await store.ExpireLeaseAsync(job.Id);
    }

    private static async Task DoneAsync(TestStore store, TestJob job)
    {
        await ClaimedAsync(store, job);
        await store.CompleteAsync(job.Id, 1);
        await store.Database.HashIncrementAsync(StoreKeys.Job(job.Id), "expires", -1_000);
    }

    private static async Task RetentionOverAsync(TestStore store, TestJob job)
    {
        await DoneAsync(store, job);
        await store.ExpireRetentionAsync(job.Id);
    }

    private static async Task PreviewedAsync(TestStore store, TestJob job)
    {
        await ClaimedAsync(store, job);
        await store.Leases.PreviewAsync(job.Id, 1, TestStore.Image("first", 100), "image/png");
    }

    private static Task<ScriptResult> CreateOwnedAsync(TestStore store, TestJob job) =>
        store.CreateAsync(job.Id, job.Converter, owner: TestStore.Owner);

    private static async Task OwnedAndClaimedAsync(TestStore store, TestJob job)
    {
        await CreateOwnedAsync(store, job);
        await store.ClaimAsync(job.Converter);
    }

    private static async Task OwnedLeaseExpiredAsync(TestStore store, TestJob job)
    {
        await OwnedAndClaimedAsync(store, job);
        await store.ExpireLeaseAsync(job.Id);
        await store.SweepAsync();
    }

    private static async Task ToBeSavedAsync(TestStore store, TestJob job)
    {
        await OwnedAndClaimedAsync(store, job);
        await store.CompleteAsync(job.Id, 1);
    }

    private static async Task SavingAsync(TestStore store, TestJob job)
    {
        await ToBeSavedAsync(store, job);
        await store.ClaimSaveAsync();
    }

    private static async Task SaveLeaseOverdueAsync(TestStore store, TestJob job)
    {
        await SavingAsync(store, job);
        await store.ExpireSaveLeaseAsync(job.Id);
    }

    private static async Task SaveLeaseExpiredAsync(TestStore store, TestJob job)
    {
        await SaveLeaseOverdueAsync(store, job);
        await store.SweepAsync();
    }

    private static async Task SaveDelayedAsync(TestStore store, TestJob job)
    {
        await SavingAsync(store, job);
        await store.EndSaveAsync(job.Id, 1, SaveOutcome.Retry);
        await store.EndSaveDelayAsync(job.Id);
    }

    private static async Task SaveTooLateAsync(TestStore store, TestJob job)
    {
        await ToBeSavedAsync(store, job);
        await store.ExpireSaveTimeAsync(job.Id);
    }

    private static async Task RetentionOverBeforeItsSaveAsync(TestStore store, TestJob job)
    {
        await ToBeSavedAsync(store, job);
        await store.ExpireRetentionAsync(job.Id);
    }

    private static async Task SavingAfterRetentionAsync(TestStore store, TestJob job)
    {
        await SavingAsync(store, job);
        await store.ExpireRetentionAsync(job.Id);
        await store.SweepAsync();
    }

    private static async Task SavedAfterRetentionAsync(TestStore store, TestJob job)
    {
        await SavingAfterRetentionAsync(store, job);
        await store.EndSaveAsync(job.Id, 1, SaveOutcome.Saved);
    }

    private static Task DeliverAsync(TestStore store, TestJob job)
    {
        store.Delivered.Add(job.Id);
        return store.Delivered.StoreAsync();
    }

    private static async Task DeliveredAsync(TestStore store, TestJob job)
    {
        await DoneAsync(store, job);
        await LongDeliveredAsync(store, job);
    }

    private static async Task DeliveredBeforeItsSaveAsync(TestStore store, TestJob job)
    {
        await ToBeSavedAsync(store, job);
        await LongDeliveredAsync(store, job);
    }

    private static async Task LongDeliveredAsync(TestStore store, TestJob job)
    {
        await DeliverAsync(store, job);
        await store.Database.SortedSetDecrementAsync(StoreKeys.Delivered, $"{job.Id}", 60_000);
    }

    /// <summary>As a claim does that finds no room. The sum is wrong, as after a kill, until it is counted again.</summary>
    private static async Task MakeRoomAsync(TestStore store, TestJob job)
    {
        await store.Database.HashSetAsync(StoreKeys.Usage, "out", 1L << 40);
        await store.Delivered.MakeRoomAsync();
    }

    private sealed record TestJob(JobId Id, string Converter, string Token);

    private sealed record Case(string Name, ScriptName Script, Func<TestStore, TestJob, Task> Arrange, Func<TestStore, TestJob, Task> Act);

    /// <summary>One of the scripts ends with an error after some writes, which stay: as if the store had been killed there.</summary>
    private sealed class InterruptedScripts(IScriptConstants constants, ScriptName cut, int writes) : LuaScripts(constants)
    {
        public const string Message = "interrupted here";
        private const string Original = "local write = redis.call\n";

        public override string Text(ScriptName script)
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
