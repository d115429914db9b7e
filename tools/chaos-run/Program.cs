using System.Globalization;
using ImageEditor.Testing.Systems;

namespace ImageEditor.Tools.ChaosRun;

/// <summary>The storm of System.Tests with many jobs: it takes minutes, so it is a program and not a test.</summary>
internal static class Program
{
    private const int Jobs = 500;

    private const string Usage = """
        Usage: dotnet run -c Release --project tools/chaos-run [-- --store redis|garnet] [--seed N]

        500 jobs from 8 clients while random processes are killed, each service and the store at least 5 times.
        Ends with 0 when no job was lost.
        """;

    private static async Task<int> Main(string[] args)
    {
        if (Enumerable.Range(0, args.Length).Any(index => index % 2 == 0 && args[index] is not ("--store" or "--seed"))
            || args.Length % 2 != 0)
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        using var interrupted = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            interrupted.Cancel();
        };
        var options = args.Chunk(2).ToDictionary(option => option[0], option => option[1]);
        var seed = options.TryGetValue("--seed", out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : Environment.TickCount;
        return await RunAsync(options.GetValueOrDefault("--store", "redis"), seed, interrupted.Token);
    }

    /// <returns>The process's exit code: 0 when nothing was lost.</returns>
    private static async Task<int> RunAsync(string store, int seed, CancellationToken cancellationToken)
    {
        Console.WriteLine($"storm on {store}, seed {seed}");
        await using var app = await ImageEditorApp.StartAsync(store, Storm.Settings, cancellationToken: cancellationToken);
        var plan = new StormPlan(Jobs, Clients: 8, Kills: 60, KillsEach: 5, Pause: TimeSpan.FromSeconds(1.5), seed);
        var report = await Storm.RunAsync(app, plan, cancellationToken);

        await app.WaitUntilHealthyAsync(cancellationToken);
        var leftOver = await Storm.LeftOverAsync(app, cancellationToken);
        Console.WriteLine($"jobs accepted      {report.Accepted.Count}, distinct {report.Accepted.Distinct().Count()}");
        Console.WriteLine($"ended otherwise    {report.Wrong.Count}");
        Console.WriteLine($"unexpected jobs    {report.Strangers.Count}");
        Console.WriteLine(
            $"kills              {report.Kills.Values.Sum()}: "
            + string.Join(", ", report.Kills.Select(kill => $"{kill.Key} {kill.Value}")));
        Console.WriteLine($"jobs done in       {report.Elapsed.TotalSeconds:0} s");
        Console.WriteLine($"left in the store  {leftOver.Count}");
        foreach (var line in report.Wrong.Concat(report.Strangers).Concat(leftOver))
        {
            Console.WriteLine($"  {line}");
        }

        var isComplete = report.Wrong.Count == 0 && leftOver.Count == 0 && report.Strangers.Count == 0 && report.Accepted.Distinct()
            .Count() == Jobs;
        return isComplete ? 0 : 1;
    }
}
