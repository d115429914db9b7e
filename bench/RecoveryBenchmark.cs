using System.Diagnostics;
using System.Globalization;
using System.Net;
using ImageEditor.Testing;
using ImageEditor.Testing.Images;
using ImageEditor.Testing.Processes;
using ImageEditor.Testing.Systems;

namespace ImageEditor.Bench;

/// <summary>How long a job waits when the process that works on it is killed: a conversion manager, a quick and a neural converter, in turn.</summary>
internal static class RecoveryBenchmark
{
    private const string Quick = "grayscale";
    private const string Neural = "upscale";

    /// <summary>The orchestrator takes kills in quicker succession for a program that cannot run, and waits longer each time.</summary>
    private static readonly TimeSpan BetweenKillsOfOne = TimeSpan.FromSeconds(36);

    private static readonly TimeSpan Within = TimeSpan.FromMinutes(2);
    private static readonly byte[] Picture = Pictures.Png(40, 30);

    /// <exception cref="InvalidOperationException">A job did not end well.</exception>
    public static async Task RunAsync(string store, int kills, CancellationToken cancellationToken)
    {
        await using var app = await ImageEditorApp.StartAsync(store, allConverters: true, cancellationToken: cancellationToken);
        using var client = app.CreateClient();
        var (managers, quick, neural) = (new List<double>(), new List<double>(), new List<double>());
        for (var kill = 0; kill < kills; kill++)
        {
            var cycle = Stopwatch.StartNew();
            managers.Add(await KillConversionManagerAsync(app, client, cancellationToken));
            quick.Add(await KillConverterAsync(app, client, Quick, cancellationToken));
            neural.Add(await KillConverterAsync(app, client, Neural, cancellationToken));
            if (cycle.Elapsed < BetweenKillsOfOne)
            {
                await Task.Delay(BetweenKillsOfOne - cycle.Elapsed, cancellationToken);
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"store {store}; {kills} kills of each, in turn"));
        Console.WriteLine();
        Console.WriteLine("| killed | until | p50 | p99 | most |");
        Console.WriteLine("|---|---|---|---|---|");
        Write("the ConversionManager that holds the job", "its next attempt reaches the converter", managers);
        Write(Quick, "it has answered the next job", quick);
        Write(Neural, "it has answered the next job", neural);
    }

    private static void Write(string killed, string until, List<double> seconds)
    {
        seconds.Sort();
        var (p50, p99) = (seconds[seconds.Count / 2], seconds[(int)(seconds.Count * 0.99)]);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {killed} | {until} | {p50:0.0} s | {p99:0.0} s | {seconds[^1]:0.0} s |"));
    }

    /// <returns>Seconds from the kill of the holder to the next attempt's call of the converter.</returns>
    private static async Task<double> KillConversionManagerAsync(
        ImageEditorApp app, ImageEditorClient client, CancellationToken cancellationToken)
    {
        var (holder, other) = await app.WithOneConversionManagerAsync(cancellationToken);
        var id = await client.SubmitAsync("converter=slow&ms=60000", Picture, cancellationToken);
        await client.WaitUntilRunningAsync(id, cancellationToken);
        await app.StartResourceAsync(other.Id, cancellationToken);
        await app.RecoverAsync(cancellationToken);
        var before = (await app.FakeConverterCallsAsync()).Started;

        var watch = Stopwatch.StartNew();
        Signals.KillProcess(holder.ProcessId);
        await Until.TrueAsync(
            "the next attempt runs",
            Within,
            async () => (await app.FakeConverterCallsAsync()).Started > before,
            cancellationToken);
        var seconds = watch.Elapsed.TotalSeconds;

        using var cancelled = await client.Http.DeleteAsync(new Uri($"/api/jobs/{id}", UriKind.Relative), cancellationToken);
        cancelled.EnsureSuccessStatusCode();
        await app.RecoverAsync(cancellationToken);
        return seconds;
    }

    /// <returns>Seconds from the kill of a converter to the result of the next job.</returns>
    private static async Task<double> KillConverterAsync(
        ImageEditorApp app, ImageEditorClient client, string converter, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        await app.KillAsync(converter);
        var key = Guid.NewGuid().ToString("N");
        Answer answer;
        do
        {
            answer = await client.SubmitAndWaitAsync($"converter={converter}", Picture, "wait=30", key, cancellationToken);
        }
        while (answer.Status == HttpStatusCode.Accepted);

        var seconds = watch.Elapsed.TotalSeconds;
        if (answer.Status != HttpStatusCode.OK)
        {
            throw new InvalidOperationException($"A job of {converter} ended with {(int)answer.Status}.");
        }

        await app.RecoverAsync(cancellationToken);
        return seconds;
    }
}
