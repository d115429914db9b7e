using System.Globalization;
using ImageEditor.Testing.Systems;

namespace ImageEditor.Bench;

/// <summary>Jobs a second while a converter's replicas behind one address become more, and fewer again.</summary>
internal static class ReplicasBenchmark
{
    private static readonly int[] Steps = [1, 2, 4, 8, 4, 2, 1];
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(20);

    /// <exception cref="InvalidOperationException">A job failed.</exception>
    public static async Task RunAsync(string store, CancellationToken cancellationToken)
    {
        var most = Steps.Max();
        await using var app = await ImageEditorApp.StartAsync(
            store, ReplicaLoad.Settings, slowReplicas: most, cancellationToken: cancellationToken);
        Console.WriteLine(
            $"store {store}; {ReplicaLoad.SlotsEach} slots a replica, 1 s a job; "
            + string.Join(' ', ReplicaLoad.Settings.Select(setting => $"{setting.Key}={setting.Value}")));
        Console.WriteLine();
        Console.WriteLine("| replicas | jobs a second | times those of the first row | of linear |");
        Console.WriteLine("|---|---|---|---|");
        var replicas = await app.ReplicasAsync("slow");
        await Task.WhenAll(replicas.Skip(Steps[0]).Select(replica => app.StopAsync(replica.Id, cancellationToken)));
        await using var load = ReplicaLoad.Start(app, most);
        var (running, first) = (Steps[0], 0.0);
        foreach (var step in Steps)
        {
            await Task.WhenAll(replicas.Take(step).Skip(running).Select(replica => app.StartResourceAsync(replica.Id, cancellationToken)));
            await Task.WhenAll(replicas.Take(running).Skip(step).Select(replica => app.StopAsync(replica.Id, cancellationToken)));
            running = step;
            var rate = await load.MeasureAsync(Settle, Period, cancellationToken);
            first = first > 0 ? first : rate;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {step} | {rate:0.0} | {rate / first:0.00} | {rate / first / step * Steps[0]:0.00} |"));
        }
    }
}
