using System.Diagnostics;
using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using ImageEditor.Testing.Images;
using ImageEditor.Testing.Processes;
using ImageEditor.Testing.Systems;
using NetVips;

namespace ImageEditor.Bench;

/// <summary>The same conversion by the converter itself and through the Gateway, in turns, in one run.</summary>
internal static class PipelineBenchmark
{
    private const string Query = "amount=40";
    private const int Clients = 8;

    private static readonly IReadOnlyDictionary<string, string> Settings = new Dictionary<string, string>
    {
        ["gateway/Limits__SubmissionsPerSecond"] = "100000",
        ["gateway/Limits__RequestsPerSecond"] = "100000",
        ["conversion-manager/Conversions__SlotsPerConverter"] = "4",
        // Results expire at the rate at which new ones come.
        ["job-manager/Jobs__ResultRetention"] = "00:00:05",
        ["contrast/Converter__ConcurrentRequests"] = "16",
    };

    public static async Task RunAsync(string store, CancellationToken cancellationToken)
    {
        await using var app = await ImageEditorApp.StartAsync(store, Settings, cancellationToken: cancellationToken);
        using var client = app.CreateClient();
        using var converter = app.CreateServiceClient("contrast");
        var small = Picture(512, 384);
        var large = Picture(4000, 3000);
        Console.WriteLine($"store {store}; 512x384: {small.Length:N0} bytes, 4000x3000: {large.Length:N0} bytes");
        Console.WriteLine();

        Func<byte[], Task> direct = picture => DirectAsync(converter, picture, cancellationToken);
        Func<byte[], Task<Stages>> through = picture => ThroughAsync(client, picture, cancellationToken);

        Console.WriteLine(
            "| one client | direct p50 | direct p99 | pipeline p50 | pipeline p99 | added at p50 "
            + "| of the pipeline's p50: hand in | until done | fetch |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        await LatencyAsync("512x384", small, 300, direct, through);
        await LatencyAsync("4000x3000", large, 40, direct, through);
        Console.WriteLine();

        Console.WriteLine("| 8 clients | direct /s | pipeline /s | share |");
        Console.WriteLine("|---|---|---|---|");
        await ThroughputAsync("512x384", small, 400, direct, through);
        var spentOnSmall = await ProfileAsync(app, small, 600, through);
        var before = Memory(app);
        await ThroughputAsync("4000x3000", large, 60, direct, through);
        var middle = Memory(app);
        await ThroughputAsync("4000x3000, again", large, 60, direct, through);
        var spentOnLarge = await ProfileAsync(app, large, 100, through);
        Console.WriteLine();

        Console.WriteLine("| process | processor time per job at 512x384 | at 4000x3000 |");
        Console.WriteLine("|---|---|---|");
        foreach (var (name, each) in spentOnSmall)
        {
            Console.WriteLine($"| {name} | {each:0.0} ms | {spentOnLarge[name]:0.0} ms |");
        }

        Console.WriteLine();
        Console.WriteLine("| process | resident before, MB | after the first half | after the second half | peak |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var (name, resident, peak) in Memory(app))
        {
            Console.WriteLine(
                $"| {name} | {before.First(row => row.Name == name).Resident:0} "
                + $"| {middle.First(row => row.Name == name).Resident:0} | {resident:0} | {peak:0} |");
        }
    }

    /// <summary>Whether memory grows with the number of jobs: the same load again and again.</summary>
    public static async Task MemoryAsync(string store, CancellationToken cancellationToken)
    {
        const int rounds = 6;
        const int jobs = 150;
        await using var app = await ImageEditorApp.StartAsync(store, Settings, cancellationToken: cancellationToken);
        using var client = app.CreateClient();
        var picture = Picture(4000, 3000);
        var seen = new List<List<(string Name, double Resident, double Peak)>>();
        for (var round = 0; round < rounds; round++)
        {
            await RateAsync(picture, jobs, one => ThroughAsync(client, one, cancellationToken));
            seen.Add(Memory(app));
        }

        Console.WriteLine(
            "| resident, MB, after so many jobs at 4000x3000 "
            + $"| {string.Join(" | ", Enumerable.Range(1, rounds).Select(round => round * jobs))} | peak |");
        Console.WriteLine("|---|" + string.Concat(Enumerable.Repeat("---|", rounds + 1)));
        foreach (var (name, _, peak) in seen[^1])
        {
            Console.WriteLine(
                $"| {name} "
                + $"| {string.Join(" | ", seen.Select(round => $"{round.First(row => row.Name == name).Resident:0}"))} | {peak:0} |");
        }
    }

    private static async Task LatencyAsync(
        string name, byte[] picture, int count, Func<byte[], Task> direct, Func<byte[], Task<Stages>> through)
    {
        var (directTimes, stages) = (new List<double>(), new List<Stages>());
        // Until the just-in-time compilers of all processes have done their part.
        for (var warmUp = 0; warmUp < count; warmUp++)
        {
            await direct(picture);
            await through(picture);
        }

        for (var round = 0; round < count; round++)
        {
            directTimes.Add(await TimeAsync(() => direct(picture)));
            stages.Add(await through(picture));
        }

        double Through(double share, Func<Stages, double> part) => Percentile([.. stages.Select(part)], share);
        var (directMedian, throughMedian) = (Percentile(directTimes, 0.5), Through(0.5, part => part.Total));
        Console.WriteLine(
            $"| {name} | {directMedian:0.0} ms | {Percentile(directTimes, 0.99):0.0} ms | {throughMedian:0.0} ms "
            + $"| {Through(0.99, part => part.Total):0.0} ms "
            + $"| {throughMedian - directMedian:0.0} ms | {Through(0.5, part => part.HandIn):0.0} ms "
            + $"| {Through(0.5, part => part.UntilDone):0.0} ms | {Through(0.5, part => part.Fetch):0.0} ms |");
    }

    private static async Task ThroughputAsync(string name, byte[] picture, int count, Func<byte[], Task> direct, Func<byte[], Task> through)
    {
        var (directRates, throughRates) = (new List<double>(), new List<double>());
        for (var round = 0; round < 3; round++)
        {
            directRates.Add(await RateAsync(picture, count, direct));
            throughRates.Add(await RateAsync(picture, count, through));
        }

        var (directRate, throughRate) = (Percentile(directRates, 0.5), Percentile(throughRates, 0.5));
        Console.WriteLine($"| {name} | {directRate:0.0} | {throughRate:0.0} | {throughRate / directRate:P0} |");
    }

    private static async Task<double> RateAsync(byte[] picture, int count, Func<byte[], Task> convert)
    {
        var left = count;
        var seconds = await TimeAsync(() => Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                await convert(picture);
            }
        }))) / 1000;
        return count / seconds;
    }

    private static async Task DirectAsync(HttpClient converter, byte[] picture, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(picture);
        using var response = await converter.PostAsync(new Uri("/convert?" + Query, UriKind.Relative), content, cancellationToken);
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    private static async Task<Stages> ThroughAsync(ImageEditorClient client, byte[] picture, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var id = await client.SubmitAsync("converter=contrast&" + Query, picture, cancellationToken);
        var handedIn = clock.Elapsed.TotalMilliseconds;
        using (var response = await client.Http.GetAsync(
            new Uri($"/api/jobs/events?id={id}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken))
        {
            response.EnsureSuccessStatusCode();
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
            {
                if (item.EventType == "job" && JsonDocument.Parse(item.Data).RootElement.GetProperty("state").GetString() == "done")
                {
                    break;
                }
            }
        }

        var done = clock.Elapsed.TotalMilliseconds;
        var answer = await client.GetJobAsync(id, cancellationToken);
        var fetched = clock.Elapsed.TotalMilliseconds;
        if (answer.Status != HttpStatusCode.OK)
        {
            throw new InvalidOperationException($"The job ended with {answer.Status}.");
        }

        return new Stages(handedIn, done - handedIn, fetched - done);
    }

    /// <summary>Where a job's time went, as its client sees it; milliseconds.</summary>
    private sealed record Stages(double HandIn, double UntilDone, double Fetch)
    {
        public double Total => HandIn + UntilDone + Fetch;
    }

    /// <summary>What each process spends on a job, in milliseconds, with all clients at work.</summary>
    private static async Task<Dictionary<string, double>> ProfileAsync(
        ImageEditorApp app, byte[] picture, int jobs, Func<byte[], Task> convert)
    {
        var before = ProcessorTimes(app);
        await RateAsync(picture, jobs, convert);
        return ProcessorTimes(app)
            .ToDictionary(process => process.Key, process => (process.Value - before[process.Key]).TotalMilliseconds / jobs);
    }

    private static Dictionary<string, TimeSpan> ProcessorTimes(ImageEditorApp app)
    {
        var replicas = from resource in app.ProcessResources from replica in app.RunningReplicas(resource) select replica;
        return replicas
            .Select(replica => (replica.Id, replica.ProcessId))
            .Append(("this program, client and AppHost", Environment.ProcessId))
            .ToDictionary(process => process.Item1, process => ProcessFigures.ProcessorTime(process.Item2));
    }

    private static List<(string Name, double Resident, double Peak)> Memory(ImageEditorApp app) =>
    [
        .. from resource in app.ProcessResources
           from replica in app.RunningReplicas(resource)
           select (replica.Id, ProcessFigures.Resident(replica.ProcessId) / 1e6, ProcessFigures.Peak(replica.ProcessId) / 1e6),
    ];

    private static byte[] Picture(int width, int height)
    {
        using var photo = Image.NewFromBuffer(Photos.Read("seeding_by_Clements_Engelhardt.jpg"));
        using var picture = photo.ThumbnailImage(width, height: height, crop: Enums.Interesting.Centre);
        return picture.JpegsaveBuffer(q: 85);
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var clock = Stopwatch.StartNew();
        await work();
        return clock.Elapsed.TotalMilliseconds;
    }

    private static double Percentile(List<double> values, double share)
    {
        var sorted = values.Order().ToList();
        return sorted[(int)Math.Min(sorted.Count - 1, Math.Floor(share * sorted.Count))];
    }
}
