using System.Net;
using System.Text.Json;
using ImageEditor.SystemTests.Support;
using ImageEditor.Testing.Systems;

namespace ImageEditor.SystemTests.Conversions;

/// <summary>What is too much for now gets an answer that says when to come back, and loses nothing that was accepted.</summary>
public sealed class OverloadTests(OverloadTests.System system) : IClassFixture<OverloadTests.System>, IAsyncLifetime
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await system.App.RecoverAsync(Cancelled);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Submit_MoreThanTheQueueTakes_Is429AndTheAcceptedOnesRun()
    {
        using var client = system.App.CreateClient();
        var accepted = new List<string>();
        Answer? refusal = null;
        for (var number = 0; refusal is null; number++)
        {
            Assert.True(number < 20, "The queue never got full.");
            var key = Guid.NewGuid().ToString();
            var answer = await client.TrySubmitAsync("converter=slow&ms=2000", Pictures.Png(8, 8, number), key, Cancelled);
            if (answer.Status == HttpStatusCode.Accepted)
            {
                accepted.Add(JsonDocument.Parse(answer.Body).RootElement.GetProperty("jobId").GetString()!);
            }
            else
            {
                refusal = answer;
            }
        }

        Problems.AssertProblem(refusal, HttpStatusCode.TooManyRequests, "queue-full");
        Assert.NotEmpty(accepted);
        foreach (var id in accepted)
        {
            Assert.Equal(HttpStatusCode.OK, (await client.WaitForEndAsync(id, Cancelled)).Status);
        }
    }

    [Fact]
    public async Task Submit_MoreOftenThanAllowed_Is429()
    {
        await using var app = await ImageEditorApp.StartAsync(
            settings: new Dictionary<string, string>
            {
                ["gateway/Limits__SubmissionsPerSecond"] = "2",
                ["gateway/Limits__MaxEventStreams"] = "1",
            },
            cancellationToken: Cancelled);
        using var client = app.CreateClient();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(number =>
            client.TrySubmitAsync("converter=slow", Pictures.Png(8, 8, number), cancellationToken: Cancelled)));

        // Twelve at once span two windows of two at the most.
        Assert.InRange(answers.Count(answer => answer.Status == HttpStatusCode.Accepted), 1, 4);
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.Accepted), answer =>
            Problems.AssertProblem(answer, HttpStatusCode.TooManyRequests, "rate-limited"));
        await OneStreamOnlyAsync(client);
    }

    [Fact]
    public async Task Job_ThatWaitsTooLong_Is504()
    {
        using var client = system.App.CreateClient();
        foreach (var converter in await system.App.ReplicasAsync("slow"))
        {
            await system.App.StopAsync(converter.Id, Cancelled);
        }

        var id = await client.SubmitAsync("converter=slow", Pictures.Png(8, 8), Cancelled);

        Problems.AssertProblem(await client.WaitForEndAsync(id, Cancelled), HttpStatusCode.GatewayTimeout, "queue-timeout");
    }

    private static async Task OneStreamOnlyAsync(ImageEditorClient client)
    {
        var address = new Uri("/api/jobs/events?id=p0-00000000000000000000000000000000", UriKind.Relative);
        using var ended = await client.Http.GetAsync(address, Cancelled);
        Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
        var id = await client.SubmitUntilAcceptedAsync("converter=slow&ms=60000", Pictures.Png(8, 8, 99), "stream", Cancelled);
        using var open = await client.Http.GetAsync(
            new Uri($"/api/jobs/events?id={id}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancelled);
        Assert.Equal(HttpStatusCode.OK, open.StatusCode);

        Problems.AssertProblem(
            await Answer.ReadAsync(await client.Http.GetAsync(address, Cancelled), Cancelled),
            HttpStatusCode.TooManyRequests,
            "rate-limited");
        await client.DeleteAsync(id, Cancelled);
    }

    /// <summary>Few may wait, and not for long; but longer than the few that do wait need.</summary>
    public sealed class System() : SharedSystem("redis", new Dictionary<string, string>
    {
        ["job-manager/Jobs__MaxQueued"] = "3",
        ["job-manager/Jobs__MaxQueueTime"] = "00:00:15",
        ["conversion-manager/Conversions__MaxSlots"] = "1",
    });
}
