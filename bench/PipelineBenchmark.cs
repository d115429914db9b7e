using System.Diagnostics;

namespace ImageEditor.Bench;

/// <summary>The same conversion by the converter itself and through the Gateway, in turns, in one run.</summary>
internal static class PipelineBenchmark
{
    private const string Query = "amount=40";
    /// <summary>Runs, of which the medians are told.</summary>
    private const int Runs = 3;

    /// <summary>Latency, throughput, and what each program spends on a job.</summary>
    public static async Task RunAsync(string store, CancellationToken cancellationToken)
    {
        await using var system = await RunningSystem.StartAsync(store);
        var (small, large) = (Load.Picture(512, 384), Load.Picture(4000, 3000));
        Console.WriteLine($"512x384: {small.Length:N0} bytes, 4000x3000: {large.Length:N0} bytes; settings: {string.Join(' ', system.Settings)}");
        Console.WriteLine();

        Func<byte[], Task> direct = picture => system.ConvertDirectlyAsync(Query, picture, cancellationToken);
        Func<byte[], Task> through = picture => system.ConvertAsync("converter=contrast&" + Query, picture, cancellationToken);

        Console.WriteLine("| one client | direct p50 | direct p99 | pipeline p50 | pipeline p99 | added at p50 | p99 of p50 |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        await LatencyAsync("512x384", small, 600, direct, through);
        await LatencyAsync("4000x3000", large, 60, direct, through);
        Console.WriteLine();

        Console.WriteLine("| 8 clients | direct /s | pipeline /s | share |");
        Console.WriteLine("|---|---|---|---|");
        await ThroughputAsync("512x384", small, 600, direct, through);
        var spentOnSmall = await ProfileAsync(system, small, 1000, through);
        await ThroughputAsync("4000x3000", large, 60, direct, through);
        var spentOnLarge = await ProfileAsync(system, large, 100, through);
        Console.WriteLine();

        Console.WriteLine("| program | processor time per job at 512x384 | at 4000x3000 |");
        Console.WriteLine("|---|---|---|");
        foreach (var (name, each) in spentOnSmall.Where(program => program.Value >= 0.005))
        {
            Console.WriteLine($"| {name} | {each:0.00} ms | {spentOnLarge[name]:0.0} ms |");
        }
    }

    private static async Task LatencyAsync(string name, byte[] picture, int count, Func<byte[], Task> direct, Func<byte[], Task> through)
    {
        // Until the just-in-time compilers of all processes have done their part.
        for (var warmUp = 0; warmUp < count; warmUp++)
        {
            await direct(picture);
            await through(picture);
        }

        var medians = new List<double[]>();
        for (var run = 0; run < Runs; run++)
        {
            var (directTimes, throughTimes) = (new List<double>(), new List<double>());
            for (var round = 0; round < count / Runs; round++)
            {
                directTimes.Add(await TimeAsync(() => direct(picture)));
                throughTimes.Add(await TimeAsync(() => through(picture)));
            }

            medians.Add(
            [
                Percentile(directTimes, 0.5), Percentile(directTimes, 0.99), Percentile(throughTimes, 0.5), Percentile(throughTimes, 0.99),
            ]);
        }

        double Median(int figure) => Percentile([.. medians.Select(run => run[figure])], 0.5);
        Console.WriteLine(
            $"| {name} | {Median(0):0.0} ms | {Median(1):0.0} ms | {Median(2):0.0} ms | {Median(3):0.0} ms "
            + $"| {Median(2) - Median(0):0.0} ms | {Median(3) / Median(2):0.0} |");
    }

    private static async Task ThroughputAsync(string name, byte[] picture, int count, Func<byte[], Task> direct, Func<byte[], Task> through)
    {
        var (directRates, throughRates) = (new List<double>(), new List<double>());
        for (var round = 0; round < Runs; round++)
        {
            directRates.Add(await Load.RateAsync(picture, count, direct));
            throughRates.Add(await Load.RateAsync(picture, count, through));
        }

        var (directRate, throughRate) = (Percentile(directRates, 0.5), Percentile(throughRates, 0.5));
        Console.WriteLine($"| {name} | {directRate:0.0} | {throughRate:0.0} | {throughRate / directRate:P0} |");
    }

    /// <summary>What each program spends on a job, in milliseconds, with all clients at work.</summary>
    private static async Task<Dictionary<string, double>> ProfileAsync(
        RunningSystem system, byte[] picture, int jobs, Func<byte[], Task> convert)
    {
        var before = ProcessorTimes();
        await Load.RateAsync(picture, jobs, convert);
        return ProcessorTimes()
            .ToDictionary(program => program.Key, program => (program.Value - before[program.Key]).TotalMilliseconds / jobs);

        IEnumerable<KeyValuePair<string, TimeSpan>> OfAll() =>
            system.ProcessorTimes().Append(new("this program, the client", Environment.CpuUsage.TotalTime));
        Dictionary<string, TimeSpan> ProcessorTimes() => OfAll().ToDictionary();
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
