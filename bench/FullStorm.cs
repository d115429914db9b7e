using ImageEditor.Tests.Harness;

namespace ImageEditor.Bench;

/// <summary>The storm of the integration tests, in full.</summary>
internal static class FullStorm
{
    private const int Jobs = 500;

    /// <returns>The process's exit code: 0 when nothing was lost.</returns>
    public static async Task<int> RunAsync(string store, int seed, CancellationToken cancellationToken)
    {
        Console.WriteLine($"storm on {store}, seed {seed}");
        await using var app = await ImageEditorApp.StartAsync(store, Storm.Settings, cancellationToken: cancellationToken);
        var plan = new StormPlan(Jobs, Clients: 8, Kills: 60, KillsEach: 5, Pause: TimeSpan.FromSeconds(1.5), seed);
        var report = await Storm.RunAsync(app, plan, cancellationToken);

        await app.WaitUntilHealthyAsync(cancellationToken);
        var leftOver = await Storm.LeftOverAsync(app, cancellationToken);
        Console.WriteLine($"jobs accepted      {report.Accepted.Count}, distinct {report.Accepted.Distinct().Count()}");
        Console.WriteLine($"ended otherwise    {report.Wrong.Count}");
        Console.WriteLine($"jobs of nobody     {report.Strangers.Count}");
        Console.WriteLine($"kills              {report.Kills.Values.Sum()}: {string.Join(", ", report.Kills.Select(kill => $"{kill.Key} {kill.Value}"))}");
        Console.WriteLine($"jobs done in       {report.Elapsed.TotalSeconds:0} s");
        Console.WriteLine($"left in the store  {leftOver.Count}");
        foreach (var line in report.Wrong.Concat(report.Strangers).Concat(leftOver))
        {
            Console.WriteLine($"  {line}");
        }

        var well = report.Wrong.Count == 0 && leftOver.Count == 0 && report.Strangers.Count == 0 && report.Accepted.Distinct().Count() == Jobs;
        return well ? 0 : 1;
    }
}
