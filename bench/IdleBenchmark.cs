namespace ImageEditor.Bench;

/// <summary>What the system costs while nobody asks for anything, its dashboard connected and its metrics exported.</summary>
internal static class IdleBenchmark
{
    /// <summary>Until what the start has left to do is done.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(60);

    public static async Task RunAsync(string store, int seconds, CancellationToken cancellationToken)
    {
        await using var system = await RunningSystem.StartAsync(store);
        await Task.Delay(Settling, cancellationToken);
        var before = system.ProcessorTimes();
        await Task.Delay(TimeSpan.FromSeconds(seconds), cancellationToken);
        var after = system.ProcessorTimes();
        var resident = system.Resident();

        Console.WriteLine($"| program, idle for {seconds} s | % of a core | resident, MB |");
        Console.WriteLine("|---|---|---|");
        foreach (var (name, time) in after)
        {
            var share = (time - before.GetValueOrDefault(name)).TotalSeconds / seconds;
            Console.WriteLine($"| {name} | {share:P2} | {resident.GetValueOrDefault(name) / 1e6:0} |");
        }
    }
}
