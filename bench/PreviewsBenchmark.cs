using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace ImageEditor.Bench;

/// <summary>What previews of the same converter cost the jobs beside them, with and without in turns, in one run.</summary>
internal static class PreviewsBenchmark
{
    private const string Query = "converter=contrast&amount=40";
    private const int Runs = 3;
    private const int PreviewClients = 4;

    /// <summary>Of one client: as often as the page asks while a slider moves. All of them keep within an address's rate.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(210);

    /// <summary>How long jobs are made, each time.</summary>
    private static readonly TimeSpan Each = TimeSpan.FromSeconds(20);

    public static async Task RunAsync(string store, CancellationToken cancellationToken)
    {
        await using var system = await RunningSystem.StartAsync(store);
        var picture = Load.Picture(512, 384);
        await JobsAsync(system, picture, cancellationToken);

        var (without, with, answers) = (new List<Latencies>(), new List<Latencies>(), new ConcurrentDictionary<HttpStatusCode, int>());
        for (var run = 0; run < Runs; run++)
        {
            without.Add(await JobsAsync(system, picture, cancellationToken));
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var previews = Enumerable.Range(0, PreviewClients)
                .Select(_ => PreviewAsync(system, picture, answers, enough.Token))
                .ToList();
            with.Add(await JobsAsync(system, picture, cancellationToken));
            await enough.CancelAsync();
            await Task.WhenAll(previews);
        }

        Console.WriteLine($"| 8 clients' jobs at 512x384, medians of {Runs} | jobs /s | p50 | p99 |");
        Console.WriteLine("|---|---|---|---|");
        Write("without previews", without);
        Write($"with {PreviewClients} clients' previews", with);
        Console.WriteLine();
        Console.WriteLine($"Previews' answers: {string.Join(", ", answers.OrderBy(a => a.Key).Select(a => $"{(int)a.Key}: {a.Value:N0}"))}");
        Console.WriteLine($"Settings: {string.Join(' ', system.Settings)}");
    }

    private static void Write(string name, List<Latencies> runs) => Console.WriteLine(
        $"| {name} | {Median(runs, run => run.Rate):0.0} | {Median(runs, run => run.Median):0.0} ms | {Median(runs, run => run.P99):0.0} ms |");

    private static async Task<Latencies> JobsAsync(RunningSystem system, byte[] picture, CancellationToken cancellationToken)
    {
        var times = new ConcurrentBag<double>();
        var (_, rate) = await Load.ForAsync(Each, picture, async one =>
        {
            var clock = Stopwatch.StartNew();
            await system.ConvertAsync(Query, one, cancellationToken);
            times.Add(clock.Elapsed.TotalMilliseconds);
        });
        var sorted = times.Order().ToList();
        return new Latencies(rate, sorted[sorted.Count / 2], sorted[sorted.Count * 99 / 100]);
    }

    private static async Task PreviewAsync(
        RunningSystem system, byte[] picture, ConcurrentDictionary<HttpStatusCode, int> answers, CancellationToken enough)
    {
        using var pace = new PeriodicTimer(Pace);
        try
        {
            while (await pace.WaitForNextTickAsync(enough))
            {
                answers.AddOrUpdate(await system.PreviewAsync(Query, picture, enough), 1, (_, count) => count + 1);
            }
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested)
        {
            // The jobs beside it are done.
        }
    }

    private static double Median(List<Latencies> runs, Func<Latencies, double> figure) => runs.Select(figure).Order().ElementAt(runs.Count / 2);

    /// <summary>Jobs a second, and the times of single ones in milliseconds.</summary>
    private sealed record Latencies(double Rate, double Median, double P99);
}
