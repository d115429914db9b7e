using System.Net;
using System.Text.Json;
using ImageEditor.SystemTests.Support;

namespace ImageEditor.SystemTests;

/// <summary>What operators do from the dashboard.</summary>
[Collection(nameof(RunningApp))]
public sealed class OperatorCommandTests(RunningApp app)
{
    private const int Jobs = 12;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EmptyQueue_CancelsTheJobsThatWait_AndNoOther()
    {
        var other = "";
        var ids = new List<string>();
        var stopped = await app.App.StopAllAsync("contrast", Cancel);
        int cancelled;
        try
        {
            for (var job = 0; job < Jobs; job++)
            {
                ids.Add(await app.Client.SubmitAsync("converter=contrast", Pictures.Png(40, 30, job), Cancel));
            }

            other = await app.Client.SubmitAsync("converter=slow&ms=2000", Pictures.Png(8, 8, 1), Cancel);
            var queue = await RunAsync("contrast", "show-queue");
            Assert.Equal("contrast", queue.GetProperty("converter").GetString());
            Assert.InRange(queue.GetProperty("waiting").GetInt32(), 1, Jobs);

            // Whoever has all of an id may use the job.
            Assert.All(queue.GetProperty("next").EnumerateArray(), job => Assert.Equal(8, job.GetProperty("job").GetString()!.Length));

            cancelled = (await RunAsync("contrast", "empty-queue")).GetProperty("cancelled").GetInt32();
            Assert.InRange(cancelled, 1, Jobs);

            // What a conversion manager had in hand comes back to the queue, since the converter is away.
            Assert.InRange((await RunAsync("contrast", "show-queue")).GetProperty("waiting").GetInt32(), 0, Jobs - cancelled);
            var record = $"An operator emptied the queue of contrast: {cancelled} jobs";
            await Until.TrueAsync("it is logged", Soon, () => Task.FromResult(app.App.ReadLogs().Any(log =>
                log.Key.StartsWith("job-manager", StringComparison.Ordinal)
                && log.Value.Contains(record, StringComparison.Ordinal))), Cancel);
        }
        finally
        {
            await app.App.StartAllAsync(stopped, Cancel);
            await app.RecoverAsync();
        }

        var ends = new List<HttpStatusCode>();
        foreach (var id in ids)
        {
            ends.Add((await app.Client.WaitForEndAsync(id, Cancel)).Status);
        }

        // What had been claimed goes on.
        Assert.Equal(cancelled, ends.Count(end => end == HttpStatusCode.Gone));
        Assert.Equal(Jobs - cancelled, ends.Count(end => end == HttpStatusCode.OK));
        Assert.Equal(HttpStatusCode.OK, (await app.Client.WaitForEndAsync(other, Cancel)).Status);
    }

    [Fact]
    public async Task Sweep_IsDoneAtOnce()
    {
        var replica = (await app.App.ReplicasAsync("job-manager"))[0];
        Assert.Null(await app.App.CommandAsync(replica.Id, "sweep", Cancel));
    }

    private async Task<JsonElement> RunAsync(string resource, string command) =>
        JsonDocument.Parse((await app.App.CommandAsync(resource, command, Cancel))!).RootElement;
}
