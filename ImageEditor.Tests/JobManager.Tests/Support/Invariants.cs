using System.Globalization;
using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Store;
using StackExchange.Redis;

namespace ImageEditor.JobManager.Tests.Support;

/// <summary>What must hold between the store's keys whenever no operation is under way and the sweep has caught up.</summary>
internal static class Invariants
{
    private const string JobPrefix = StoreKeys.Prefix + "job:";
    private const string QueuePrefix = StoreKeys.Prefix + "queue:";
    private const string BlobPrefix = StoreKeys.Prefix + "blob:";

    /// <summary>Checks the whole store.</summary>
    public static async Task CheckAsync(TestStore store)
    {
        var database = store.Database;
        var now = await store.Clock.TickAsync();
        var keys = (await store.KeysAsync()).Select(key => key.ToString()).ToArray();
        var due = (await database.SortedSetRangeByRankWithScoresAsync(StoreKeys.Due))
            .ToDictionary(entry => entry.Element.ToString(), entry => entry.Score);
        var sizes = (await database.HashGetAllAsync(StoreKeys.Sizes))
            .ToDictionary(entry => entry.Name.ToString(), entry => (long)entry.Value);
        var queues = new Dictionary<string, HashSet<string>>();
        foreach (var key in keys.Where(key => key.StartsWith(QueuePrefix, StringComparison.Ordinal)))
        {
            queues[key[QueuePrefix.Length..]] = (await database.SortedSetRangeByRankAsync(key)).Select(id => id.ToString()).ToHashSet();
        }

        var saves = (await database.SortedSetRangeByRankAsync(StoreKeys.Saves)).Select(id => id.ToString()).ToHashSet();
        var held = new HashSet<string>();
        var expectedSizes = new Dictionary<string, long>();
        var jobs = keys
            .Where(key => key.StartsWith(JobPrefix, StringComparison.Ordinal))
            .Select(key => key[JobPrefix.Length..])
            .ToHashSet();
        Assert.Equal(jobs.Order(), due.Keys.Order());
        foreach (var id in jobs)
        {
            var job = (await database.HashGetAllAsync(JobPrefix + id))
                .ToDictionary(entry => entry.Name.ToString(), entry => entry.Value.ToString());
            var state = job["state"];
            var queued = queues.GetValueOrDefault(job["converter"])?.Contains(id) == true;
            Assert.True(queued == (state == JobState.Queued && !IsPaused(job, "notBefore", now)), $"{id} is {state}, in the queue: {queued}");
            Assert.True(
                state != JobState.Queued || queued || due[id] <= double.Parse(job["notBefore"], CultureInfo.InvariantCulture),
                $"{id} is not put back into the queue after its delay");
            var save = job.GetValueOrDefault("save");
            var (owned, saving) = (job["owner"].Length > 0, save is SaveState.Waiting or SaveState.Running);
            Assert.True(owned || save is null, $"{id} has a save and no owner");
            Assert.True(
                saves.Contains(id) == (save == SaveState.Waiting && !IsPaused(job, "saveNotBefore", now)),
                $"{id}'s save is {save}, among those that wait: {saves.Contains(id)}");
            Assert.True(
                save != SaveState.Waiting
                    || saves.Contains(id)
                    || due[id] <= double.Parse(job["saveNotBefore"], CultureInfo.InvariantCulture),
                $"{id}'s save is not put back among those that wait after its delay");
            var (pending, done) = (state is JobState.Queued or JobState.Running, state == JobState.Done);
            if (await CheckBlobAsync(database, job.GetValueOrDefault("input"), job["length"], saving || pending) is { } input)
            {
                held.Add(input);
                expectedSizes.AddIf(pending, input, job["length"]);
            }

            var resultLength = job.GetValueOrDefault("resultLength");
            if (await CheckBlobAsync(database, job.GetValueOrDefault("result"), resultLength, saving || done) is { } result)
            {
                held.Add(result);
                expectedSizes.AddIf(done, result, resultLength!);
            }

            if (state == JobState.Running)
            {
                expectedSizes[id + ":room"] = ReservationOf(store, job);
            }

            if (saving)
            {
                expectedSizes[id + ":save"] =
                    long.Parse(job["length"], CultureInfo.InvariantCulture) + long.Parse(job["resultLength"], CultureInfo.InvariantCulture);
            }

            if (owned && state == JobState.Running)
            {
                expectedSizes[id + ":hold"] =
                    long.Parse(job["length"], CultureInfo.InvariantCulture) + ReservationOf(store, job);
            }

            Assert.True(
                state == JobState.Running || string.IsNullOrEmpty(job.GetValueOrDefault("preview")), $"{id} is {state} and has a preview");
        }

        Assert.All(saves, id => Assert.Contains(id, jobs));
        Assert.All(queues.Values.SelectMany(ids => ids), id => Assert.Contains(id, jobs));
        foreach (var id in (await database.SortedSetRangeByRankAsync(StoreKeys.Delivered)).Select(id => id.ToString()))
        {
            Assert.Contains(id, jobs);
            Assert.Equal(JobState.Done, $"{await database.HashGetAsync(JobPrefix + id, "state")}");
        }

        Assert.Equal(expectedSizes.OrderBy(size => size.Key), sizes.OrderBy(size => size.Key));
        await CheckUsageAsync(database, sizes);
        var blobs = keys.Where(key => key.StartsWith(BlobPrefix, StringComparison.Ordinal));
        foreach (var blob in blobs.Where(key => !held.Contains(key[BlobPrefix.Length..])))
        {
            Assert.True(
                await database.KeyTimeToLiveAsync(blob) is not null || !await database.KeyExistsAsync(blob),
                $"{blob} belongs to no job and has no lifetime");
        }
    }

    /// <summary>Checks that nothing is left but what vanishes by itself.</summary>
    public static async Task CheckEmptyAsync(TestStore store)
    {
        foreach (var key in (await store.KeysAsync()).Where(key => !IsKept(key)))
        {
            Assert.True(
                await store.Database.KeyTimeToLiveAsync(key) is not null || !await store.Database.KeyExistsAsync(key),
                $"{key} is left over");
        }
    }

    /// <summary>What is there for as long as the store is, and entries for figures that are over by themselves.</summary>
    private static bool IsKept(RedisKey key) =>
        key == StoreKeys.Clock || key == StoreKeys.Aside || key == StoreKeys.Descriptors || $"{key}".StartsWith($"{StoreKeys.Turns("")}", StringComparison.Ordinal);

    private static bool IsPaused(Dictionary<string, string> job, string until, long now) =>
        job.TryGetValue(until, out var time) && long.Parse(time, CultureInfo.InvariantCulture) > now;

    /// <summary>What a running job holds of the room for results.</summary>
    private static long ReservationOf(TestStore store, Dictionary<string, string> job) =>
        (job.GetValueOrDefault("yield") is { Length: > 0 } yield
            ? long.Parse(yield, CultureInfo.InvariantCulture)
            : store.JobsOptions.MaxResultBytes)
        + store.JobsOptions.PreviewsReservation;

    /// <returns>The blob; null when none is needed.</returns>
    private static async Task<string?> CheckBlobAsync(IDatabase database, string? blob, string? length, bool needed)
    {
        Assert.Equal(needed, !string.IsNullOrEmpty(blob));
        if (!needed)
        {
            return null;
        }

        Assert.Equal(length, $"{await database.StringLengthAsync(StoreKeys.Blob(blob!))}");
        Assert.Null(await database.KeyTimeToLiveAsync(StoreKeys.Blob(blob!)));
        return blob;
    }

    private static void AddIf(this Dictionary<string, long> sizes, bool condition, string name, string length)
    {
        if (condition)
        {
            sizes[name] = long.Parse(length, CultureInfo.InvariantCulture);
        }
    }

    private static async Task CheckUsageAsync(IDatabase database, Dictionary<string, long> sizes)
    {
        foreach (var pool in new[] { "in", "out", "room", "save", "hold" })
        {
            Assert.Equal(
                sizes.Where(size => size.Key.Split(':')[1] == pool).Sum(size => size.Value),
                (long)await database.HashGetAsync(StoreKeys.Usage, pool));
        }

        Assert.Equal(
            sizes.Count(size => size.Key.EndsWith(":room", StringComparison.Ordinal)),
            (long)await database.HashGetAsync(StoreKeys.Usage, "running"));
        var parties = sizes.Where(size => size.Key.Contains(":in:", StringComparison.Ordinal) && size.Key.Contains('.', StringComparison.Ordinal))
            .GroupBy(size => size.Key.Split(':')[2].Split('.')[0])
            .SelectMany(party => (KeyValuePair<string, long>[])
                [new($"in@{party.Key}", party.Sum(size => size.Value)), new($"jobs@{party.Key}", party.Count())]);
        Assert.Equal(
            parties.OrderBy(usage => usage.Key),
            (await database.HashGetAllAsync(StoreKeys.Usage)).Where(usage => usage.Name.ToString().Contains('@', StringComparison.Ordinal))
                .Select(usage => new KeyValuePair<string, long>(usage.Name.ToString(), (long)usage.Value)).OrderBy(usage => usage.Key));
    }
}
