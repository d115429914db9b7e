using System.Net;
using System.Text.Json;
using ImageEditor.ConversionManager.Attempts;
using ImageEditor.ConversionManager.ImageInspection;

namespace ImageEditor.ConversionManager.Tests.Waiting;

/// <summary>What a client gets that waits in the process that runs its job.</summary>
public sealed class StoredResultTests
{
    private const int MaxHeldBytes = 64 << 20;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private static readonly byte[] Stored = Pictures.Png(9, 9, 1);
    private static readonly byte[] Result = Pictures.Png(7, 7, 2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Submit_WhoseResultIsStoredHere_IsTheResultAsTheJobManagerSendsIt()
    {
        await using var server = await WaitingServer.StartAsync();
        server.JobManager.Answer = (context, _) => FakeJobManager.SendImageAsync(context, Result);
        var expected = await server.SubmitAsync("wait=20");
        var slot = server.EnterSlot();

        var waiting = server.SubmitAsync("wait=20");
        var claim = (await slot.Work)!;
        claim.StoredResult!.SetResult(Image(Result));
        var answer = await waiting;

        await Until.TrueAsync(
            "the job manager knows that it was sent",
            Soon,
            () => Task.FromResult(server.JobManager.Delivered.Contains(claim.JobId)),
            Cancellation);
        Assert.Equal([(false, null, null), (true, "grayscale", true)], server.JobManager.Claims);
        Assert.Equal(1, server.JobManager.Waits.Count);
        Assert.Equal((HttpStatusCode.OK, $"/api/jobs/{claim.JobId}"), (answer.Status, answer.Headers["Location"]));
        Assert.Equal(Result, answer.Body);
        string[] own = ["Location", "Date"];
        Assert.Equal(
            expected.Headers.Where(header => !own.Contains(header.Key)).OrderBy(header => header.Key),
            answer.Headers.Where(header => !own.Contains(header.Key)).OrderBy(header => header.Key));
    }

    [Fact]
    public async Task Submit_OfAPictureWithAName_NamesTheResultThatIsStoredHere()
    {
        await using var server = await WaitingServer.StartAsync();
        var slot = server.EnterSlot();

        var waiting = server.SubmitAsync("wait=20", query: "&name=caf%C3%A9.jpg");
        (await slot.Work)!.StoredResult!.SetResult(Image(Result));
        var answer = await waiting;

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(
            "inline; filename=caf_-grayscale.png; filename*=UTF-8''caf%C3%A9-grayscale.png", answer.Headers["Content-Disposition"]);
    }

    [Theory]
    [InlineData("""[{"converter":"grayscale"}]""", "grayscale")]
    [InlineData("""[{"converter":"grayscale"},{"converter":"grayscale"}]""", "edited")]
    public async Task Submit_OfARecipe_NamesTheResultAfterItsOnlyStepOrAsEdited(string recipe, string change)
    {
        await using var server = await WaitingServer.StartAsync();
        var slot = server.EnterSlot();

        var waiting = server.SubmitAsync("wait=20", query: "&name=holiday.jpg", what: "recipe=" + Uri.EscapeDataString(recipe));
        (await slot.Work)!.StoredResult!.SetResult(Image(Result));
        var answer = await waiting;

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(
            $"inline; filename=holiday-{change}.png; filename*=UTF-8''holiday-{change}.png", answer.Headers["Content-Disposition"]);
    }

    [Fact]
    public async Task Submit_WhoseAttemptEndsWithoutAResult_AsksTheJobManager()
    {
        await using var server = await WaitingServer.StartAsync();
        server.JobManager.Answer = (context, _) => FakeJobManager.SendImageAsync(context, Stored);
        var slot = server.EnterSlot();

        var waiting = server.SubmitAsync("wait=20");
        (await slot.Work)!.StoredResult!.SetResult(null);

        Assert.Equal(Stored, (await waiting).Body);
        Assert.Equal(1, server.JobManager.Waits.Count);
    }

    [Fact]
    public async Task Submit_WhoseAttemptDoesNotEnd_IsAcceptedWhenTheTimeIsOver()
    {
        await using var server = await WaitingServer.StartAsync();
        var slot = server.EnterSlot();

        var answer = await server.SubmitAsync("wait=1");

        Assert.NotNull(await slot.Work);
        Assert.Equal((HttpStatusCode.Accepted, "wait=1"), (answer.Status, answer.Headers["Preference-Applied"]));
        Assert.Equal("running", State(answer));
    }

    [Fact]
    public async Task Submit_WithoutAWait_HasNobodyToTell()
    {
        await using var server = await WaitingServer.StartAsync();
        var slot = server.EnterSlot();

        var answer = await server.SubmitAsync(prefer: null);

        Assert.Equal((HttpStatusCode.Accepted, "running"), (answer.Status, State(answer)));
        Assert.Null((await slot.Work)!.StoredResult);
    }

    /// <summary>Clients may be slow: what they do not take does not fill this process's memory.</summary>
    [Fact]
    public async Task Submit_WhoseResultIsMoreThanMayBeHeld_IsReadFromTheStore()
    {
        await using var server = await WaitingServer.StartAsync();
        server.JobManager.Answer = (context, _) => FakeJobManager.SendImageAsync(context, Stored);
        foreach (var length in (int[])[MaxHeldBytes + 1, MaxHeldBytes])
        {
            var slot = server.EnterSlot();
            var waiting = server.SubmitAsync("wait=20");
            (await slot.Work)!.StoredResult!.SetResult(Image(new byte[length]));

            Assert.Equal(length > MaxHeldBytes ? Stored.Length : length, (await waiting).Body.Length);
        }
    }

    /// <summary>More than lies between the two, so the server has noticed.</summary>
    [Fact]
    public async Task Submit_WhoseClientHangsUpInTheMiddle_IsNotDelivered()
    {
        await using var server = await WaitingServer.StartAsync();
        var cut = server.EnterSlot();
        using (var request = new HttpRequestMessage(HttpMethod.Post, "/api/conversions?converter=grayscale"))
        {
            request.Content = new ByteArrayContent(Pictures.Png(8, 8));
            request.Headers.Add("Prefer", "wait=20");
            var answering = server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
            (await cut.Work)!.StoredResult!.SetResult(Image(new byte[MaxHeldBytes / 2]));
            (await answering).Dispose();
        }

        var whole = server.EnterSlot();
        var waiting = server.SubmitAsync("wait=20");
        var claim = (await whole.Work)!;
        claim.StoredResult!.SetResult(Image(Result));
        await waiting;

        await Until.TrueAsync("one is noted", Soon, () => Task.FromResult(!server.JobManager.Delivered.IsEmpty), Cancellation);
        Assert.Equal([claim.JobId], server.JobManager.Delivered);
    }

    private static string? State(Answer answer) => JsonDocument.Parse(answer.Body).RootElement.GetProperty("state").GetString();

    private static ConvertedImage Image(byte[] bytes) => new(new ImageFile(bytes, "image/png", 7, 7), """{"faces":2}""");
}
