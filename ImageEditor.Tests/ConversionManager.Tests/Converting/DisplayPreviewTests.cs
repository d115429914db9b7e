using System.Net;

namespace ImageEditor.ConversionManager.Tests.Converting;

/// <summary>Copies that browsers show are previews: they too are given up for a job, when nobody waits any more, and in time.</summary>
public sealed class DisplayPreviewTests
{
    private const string Address = "/api/previews?display=true";

    private static readonly TimeSpan TestTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Job_ThatComesWhileADisplayCopyHasTheSlot_TakesIt()
    {
        await using var thumbnail = await FakeProgram.StartAsync("thumbnail", slots: 1, Long);
        await using var server = await ConvertingServer.StartAsync(thumbnail);
        using var client = await ClientOnceUpAsync(server, thumbnail);
        var display = client.PostAsync(Address, Picture(), Cancellation);
        await UntilAsync("the copy is being made", () => thumbnail.Running == 1);

        thumbnail.Duration = TimeSpan.Zero;
        var job = server.Queue.Add("thumbnail");
        await UntilAsync("the job is done", () => server.Queue.IsDone(job));

        using var response = await display;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Equal(1, server.Queue.Attempts(job));
    }

    [Fact]
    public async Task HangingUp_EndsTheWork()
    {
        await using var thumbnail = await FakeProgram.StartAsync("thumbnail", slots: 1, Long);
        await using var server = await ConvertingServer.StartAsync(thumbnail);
        using var client = await ClientOnceUpAsync(server, thumbnail);
        using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var display = client.PostAsync(Address, Picture(), hangUp.Token);
        await UntilAsync("the copy is being made", () => thumbnail.Running == 1);

        await hangUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => display);
        await UntilAsync("the converter's work has ended", () => thumbnail.Running == 0);
    }

    [Fact]
    public async Task DisplayCopy_HasATimeLimitOfItsOwn()
    {
        await using var thumbnail = await FakeProgram.StartAsync("thumbnail", slots: 1, Long);
        await using var server = await ConvertingServer.StartAsync([("Previews:DisplayTimeout", "00:00:00.3")], thumbnail);
        using var client = await ClientOnceUpAsync(server, thumbnail);

        using var response = await client.PostAsync(Address, Picture(), Cancellation);

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        await UntilAsync("the converter's work has ended", () => thumbnail.Running == 0);
    }

    private static ByteArrayContent Picture() => new(Pictures.Png(64, 48));

    private static async Task<HttpClient> ClientOnceUpAsync(ConvertingServer server, FakeProgram program)
    {
        await server.Find(program).WaitUntilUpAsync(Cancellation);
        await UntilAsync("its descriptor is known", () => server.Find(program).Info is not null);
        return server.CreateClient();
    }

    private static Task UntilAsync(string what, Func<bool> condition) =>
        Until.TrueAsync(what, TestTimeout, () => Task.FromResult(condition()), Cancellation);
}
