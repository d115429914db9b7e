namespace ImageEditor.Bench;

/// <summary>Whether the system keeps its pace and its memory, minute by minute.</summary>
internal static class SoakBenchmark
{
    private const string Query = "amount=40";

    /// <summary>Of each minute, how long the converter itself is called, for comparison.</summary>
    private static readonly TimeSpan Direct = TimeSpan.FromSeconds(6);

    private static readonly TimeSpan Through = TimeSpan.FromSeconds(54);

    public static async Task RunAsync(string store, int minutes, CancellationToken cancellationToken)
    {
        await using var system = await RunningSystem.StartAsync(store);
        foreach (var (width, height) in new[] { (512, 384), (4000, 3000) })
        {
            await RunAsync(system, $"{width}x{height}", Load.Picture(width, height), minutes, cancellationToken);
        }

        Console.WriteLine($"Settings: {string.Join(' ', system.Settings)}");
    }

    private static async Task RunAsync(
        RunningSystem system, string size, byte[] picture, int minutes, CancellationToken cancellationToken)
    {
        Console.WriteLine($"| {size}, minute | direct /s | pipeline /s | share | jobs so far |");
        Console.WriteLine("|---|---|---|---|---|");
        var (jobs, seen) = (0, new List<(int Jobs, Dictionary<string, long> Resident)>());
        for (var minute = 1; minute <= minutes; minute++)
        {
            var (_, direct) = await Load.ForAsync(Direct, picture, one => system.ConvertDirectlyAsync(Query, one, cancellationToken));
            var (count, through) = await Load.ForAsync(
                Through, picture, one => system.ConvertAsync("converter=contrast&" + Query, one, cancellationToken));
            jobs += count;
            seen.Add((jobs, system.Resident()));
            Console.WriteLine($"| {minute} | {direct:0.0} | {through:0.0} | {through / direct:P0} | {jobs:N0} |");
        }

        Console.WriteLine();
        Console.WriteLine($"| resident, MB, after so many jobs at {size} | {string.Join(" | ", seen.Select(at => $"{at.Jobs:N0}"))} |");
        Console.WriteLine("|---|" + string.Concat(Enumerable.Repeat("---|", seen.Count)));
        foreach (var name in seen[^1].Resident.Keys)
        {
            Console.WriteLine($"| {name} | {string.Join(" | ", seen.Select(at => $"{at.Resident.GetValueOrDefault(name) / 1e6:0}"))} |");
        }

        Console.WriteLine();
    }
}
