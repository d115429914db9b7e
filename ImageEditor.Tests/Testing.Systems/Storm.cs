using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using StackExchange.Redis;

namespace ImageEditor.Testing.Systems;

/// <summary>How heavy a storm is.</summary>
/// <param name="Jobs">Jobs handed in, by all clients together.</param>
/// <param name="Clients">Clients at work side by side.</param>
/// <param name="Kills">How often a process is killed, at the least.</param>
/// <param name="KillsEach">How often each service and the store is killed, at the least.</param>
/// <param name="Pause">The longest pause between two kills; the real ones are drawn from half of it up to it.</param>
/// <param name="Seed">Decides everything that is drawn by lot.</param>
public sealed record StormPlan(int Jobs, int Clients, int Kills, int KillsEach, TimeSpan Pause, int Seed);

/// <summary>What came of a storm.</summary>
/// <param name="Accepted">Ids of the accepted jobs, one for each submission.</param>
/// <param name="Wrong">What a job ended with that did not end well.</param>
/// <param name="Strangers">Jobs that the store held at some time and that belong to no submission.</param>
/// <param name="Kills">Kills, by resource.</param>
/// <param name="Elapsed">From the first submission to the last result.</param>
public sealed record StormReport(
    IReadOnlyCollection<string> Accepted,
    IReadOnlyCollection<string> Wrong,
    IReadOnlyCollection<string> Strangers,
    IReadOnlyDictionary<string, int> Kills,
    TimeSpan Elapsed);

/// <summary>Clients hand in jobs of half a second to five seconds while random processes are killed.</summary>
public static class Storm
{
    private const int Pictures = 16;
    private const int ShortestJob = 500;
    private const int LongestJob = 5000;
    private static readonly TimeSpan EmptyWithin = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Settings with which the jobs of a storm run side by side, and it is not long until the last one's life is over; but longer than a
    /// Gateway takes to start again on a machine that is busy with other starts, for without it nobody can fetch a result.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["conversion-manager/Conversions__MaxSlots"] = "16",
        ["job-manager/Jobs__ResultRetention"] = "00:01:00",
    };

    /// <summary>Lets the storm loose on a running system.</summary>
    public static async Task<StormReport> RunAsync(ImageEditorApp app, StormPlan plan, CancellationToken cancellationToken)
    {
        var pictures = Enumerable.Range(0, Pictures).Select(number => Images.Pictures.Png(64, 48, number)).ToArray();
        var references = await ReferencesAsync(app, pictures, cancellationToken);
        var accepted = new ConcurrentBag<string>();
        var wrong = new ConcurrentBag<string>();
        var clock = Stopwatch.StartNew();

        using var calm = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var noting = NoteJobsAsync(app, calm.Token);
        var killing = KillAsync(app, plan, calm.Token);
        var clients = Enumerable.Range(0, plan.Clients).Select(async number =>
        {
            using var client = app.CreateClient();
            var random = new Random(plan.Seed + 1 + number);
            var running = new List<Task>();
            for (var job = number; job < plan.Jobs; job += plan.Clients)
            {
                var picture = random.Next(pictures.Length);
                var query = string.Create(CultureInfo.InvariantCulture, $"converter=slow&ms={random.Next(ShortestJob, LongestJob)}");
                var id = await client.SubmitUntilAcceptedAsync(query, pictures[picture], $"storm-{plan.Seed}-{job}", cancellationToken);
                accepted.Add(id);
                running.Add(FollowAsync(client, id, references[picture].Bytes, wrong, cancellationToken));
                if (running.Count >= 4)
                {
                    running.Remove(await Task.WhenAny(running));
                }
            }

            await Task.WhenAll(running);
        }).ToList();

        // The storm goes on until both are through: all jobs, and all kills.
        await Task.WhenAll(clients);
        var elapsed = clock.Elapsed;
        var kills = await killing;
        await calm.CancelAsync();
        return new StormReport(
            accepted, wrong, [.. (await noting).Except(accepted).Except(references.Select(reference => reference.Id))], kills, elapsed);
    }

    /// <summary>Waits until the last job's life is over.</summary>
    /// <returns>The keys that the store holds all the same.</returns>
    public static async Task<IReadOnlyList<string>> LeftOverAsync(ImageEditorApp app, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> keys = [];
        try
        {
            await Until.TrueAsync(
                "the store is empty",
                EmptyWithin,
                async () => (keys = await app.StoreKeysAsync(cancellationToken)).Count == 0,
                cancellationToken);
        }
        catch (TimeoutException)
        {
            // What is left is the answer.
        }

        return keys;
    }

    /// <summary>Notes every job that the store ever holds; each of them lives much longer than the time between two looks.</summary>
    private static async Task<IReadOnlySet<string>> NoteJobsAsync(ImageEditorApp app, CancellationToken cancellationToken)
    {
        var jobs = new HashSet<string>(StringComparer.Ordinal);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(2));
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                try
                {
                    jobs.UnionWith(from key in await app.StoreKeysAsync(cancellationToken)
                                   where key.Contains(":job:", StringComparison.Ordinal)
                                   select key[(key.LastIndexOf(':') + 1)..]);
                }
                catch (Exception exception) when (exception is RedisException or TimeoutException or InvalidOperationException)
                {
                    // The store is down just now: that is what the storm is for.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The storm is over.
        }

        return jobs;
    }

    private static async Task<(string Id, byte[] Bytes)[]> ReferencesAsync(
        ImageEditorApp app, byte[][] pictures, CancellationToken cancellationToken)
    {
        using var client = app.CreateClient();
        return await Task.WhenAll(pictures.Select(async picture =>
        {
            var id = await client.SubmitAsync("converter=slow&ms=0", picture, cancellationToken);
            var answer = await client.WaitForEndAsync(id, cancellationToken);
            return answer.Status == HttpStatusCode.OK
                ? (id, answer.Body)
                : throw new InvalidOperationException($"The undisturbed run ended with {answer.Status}.");
        }));
    }

    private static async Task FollowAsync(
        ImageEditorClient client, string id, byte[] reference, ConcurrentBag<string> wrong, CancellationToken cancellationToken)
    {
        var answer = await client.WaitForEndAsync(id, cancellationToken);
        if (answer.Status != HttpStatusCode.OK)
        {
            wrong.Add($"{id}: {(int)answer.Status} {System.Text.Encoding.UTF8.GetString(answer.Body)}");
        }
        else if (!answer.Body.AsSpan().SequenceEqual(reference))
        {
            wrong.Add($"{id}: other bytes than the reference");
        }
    }

    private static async Task<IReadOnlyDictionary<string, int>> KillAsync(
        ImageEditorApp app, StormPlan plan, CancellationToken cancellationToken)
    {
        var random = new Random(plan.Seed);
        var kills = app.ProcessResources.ToDictionary(resource => resource, _ => 0);
        for (var kill = 0; kill < plan.Kills || kills.Values.Any(count => count < plan.KillsEach); kill++)
        {
            await Task.Delay(plan.Pause * (0.5 + (random.NextDouble() / 2)), cancellationToken);

            // Those that have not had their share come first, so that a storm need not be longer than it must.
            var due = kills.Where(pair => pair.Value < plan.KillsEach).Select(pair => pair.Key).Order(StringComparer.Ordinal).ToArray();
            var victim = due.Length > 0 && plan.Kills - kill <= due.Length * plan.KillsEach
                ? due[random.Next(due.Length)]
                : app.ProcessResources[random.Next(app.ProcessResources.Count)];
            await app.KillAsync(victim, random.Next(2));
            kills[victim]++;
        }

        return kills;
    }
}
