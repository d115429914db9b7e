using System.Collections.Concurrent;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.JobManager.Tests.Attempts;

public sealed class CompetingClaimsTests(StoreServers servers)
{
    private const int Count = 10_000;
    private const int Parallel = 16;

    [Theory, InlineData(StoreKind.Redis), InlineData(StoreKind.Garnet)]
    public async Task Claim_TenThousandJobsAndCompetingClaimers_EachJobOnce(StoreKind kind)
    {
        var server = await servers.GetAsync(kind);
        await using var first = await TestStore.OpenAsync(server);
        await using var second = await TestStore.OpenAsync(server, empty: false);
        TestStore[] replicas = [first, second];
        var ids = Enumerable.Range(0, Count).Select(_ => TestStore.NewId()).ToArray();
        await System.Threading.Tasks.Parallel.ForEachAsync(
            ids.Index(), new ParallelOptions { MaxDegreeOfParallelism = Parallel },
            async (job, _) => Assert.Equal(ScriptResult.Created, await replicas[job.Index % 2].CreateAsync(job.Item)));

        var claimed = new ConcurrentBag<string>();
        await Task.WhenAll(Enumerable.Range(0, Parallel).Select(async worker =>
        {
            var replica = replicas[worker % 2];
            while (await replica.ClaimAsync() is { } claim)
            {
                Assert.Equal(1, claim.Attempt);
                claimed.Add(claim.JobId);
                Assert.True(JobId.TryParse(claim.JobId, out var id));
                Assert.Equal(ScriptResult.Completed, await replica.CompleteAsync(id, claim.Attempt));
            }
        }));

        Assert.Equal(ids.Select(id => id.ToString()).Order(), claimed.Order());
        await Invariants.CheckAsync(first);
    }
}
