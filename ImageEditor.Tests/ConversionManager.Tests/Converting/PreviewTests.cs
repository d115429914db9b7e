using System.Net;
using System.Text.Json;

namespace ImageEditor.ConversionManager.Tests.Converting;

/// <summary>Previews: at once or not at all, and never in the way of a job.</summary>
public sealed class PreviewTests
{
    private static readonly TimeSpan TestTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    /// <summary>A preview of a converter, and a copy that browsers show: the same holds for both.</summary>
    public static TheoryData<string, string> Kinds => new()
    {
        { "first", "/api/previews?converter=first" },
        { "thumbnail", "/api/previews?display=true" },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Preview_IsTheResultAndNoJob()
    {
        await using var first = await FakeProgram.StartAsync("first", slots: 1);
        first.ResultInfo = """{"faces":2}""";
        await using var server = await ConvertingServer.StartAsync(first);
        using var client = await ClientOnceUpAsync(server, first);

        using var response = await client.PostAsync("/api/previews?converter=first", Picture(64, 48), Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("image/png", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(Pictures.Png(8, 8), await response.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal(["""{"faces":2}"""], response.Headers.GetValues("X-Result-Info"));
        Assert.True(response.Headers.CacheControl?.NoStore);
        Assert.Empty(server.Queue.Unexpected);
    }

    [Fact]
    public async Task Preview_OfARecipe_RunsEachStep()
    {
        await using var first = await FakeProgram.StartAsync("first", slots: 1);
        await using var second = await FakeProgram.StartAsync("second", slots: 1);
        await using var server = await ConvertingServer.StartAsync(first, second);
        using var client = await ClientOnceUpAsync(server, first, second);
        var recipe = Uri.EscapeDataString("""[{"converter":"first"},{"converter":"second"}]""");

        using var response = await client.PostAsync($"/api/previews?recipe={recipe}", Picture(64, 48), Cancellation);
        second.Refuses = true;
        using var refused = await client.PostAsync($"/api/previews?recipe={recipe}", Picture(64, 48), Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["?format=lossless", "?format=lossless"], first.Calls);
        Assert.Equal(["?as=jpeg-8", "?as=jpeg-8"], second.Calls);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        var problem = JsonDocument.Parse(await refused.Content.ReadAsStringAsync(Cancellation)).RootElement;
        Assert.Equal((1, "second"), (problem.GetProperty("step").GetInt32(), problem.GetProperty("converter").GetString()));
    }

    [Fact]
    public async Task Preview_OfHeic_IsDecodedByTheConverterThatNobodyCanAskFor()
    {
        await using var heic = await FakeProgram.StartAsync("heic", slots: 1);
        await using var first = await FakeProgram.StartAsync("first", slots: 1);
        await using var server = await ConvertingServer.StartAsync(heic, first);
        using var client = await ClientOnceUpAsync(server, heic, first);

        await server.PreviewAsync("image/heic", first);
        await server.PreviewAsync("image/heic", first);

        Assert.Equal(["", ""], heic.Calls);
        Assert.Equal(["?as=jpeg-8", "?as=jpeg-8"], first.Calls);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Preview_WhileJobsHaveAllSlots_Is503AtOnce(string converter, string address)
    {
        await using var program = await FakeProgram.StartAsync(converter, slots: 1, Long);
        await using var server = await ConvertingServer.StartAsync(program);
        using var client = await ClientOnceUpAsync(server, program);
        server.Queue.Add(converter);
        await UntilAsync("the job runs", () => program.Running == 1);

        using var response = await client.PostAsync(address, Picture(64, 48), Cancellation);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Equal(0, program.Full);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Job_ThatComesWhileAPreviewHasTheSlot_TakesIt(string converter, string address)
    {
        await using var program = await FakeProgram.StartAsync(converter, slots: 1, Long);
        await using var server = await ConvertingServer.StartAsync(program);
        using var client = await ClientOnceUpAsync(server, program);
        var preview = client.PostAsync(address, Picture(64, 48), Cancellation);
        await UntilAsync("the preview runs", () => program.Running == 1);

        program.Duration = TimeSpan.Zero;
        var job = server.Queue.Add(converter);
        await UntilAsync("the job is done", () => server.Queue.IsDone(job));

        using var response = await preview;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Equal(1, server.Queue.Attempts(job));
        Assert.Empty(server.Queue.Failures);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task HangingUp_EndsTheWork(string converter, string address)
    {
        await using var program = await FakeProgram.StartAsync(converter, slots: 1, Long);
        await using var server = await ConvertingServer.StartAsync(program);
        using var client = await ClientOnceUpAsync(server, program);
        using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var preview = client.PostAsync(address, Picture(64, 48), hangUp.Token);
        await UntilAsync("the preview runs", () => program.Running == 1);

        await hangUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => preview);
        await UntilAsync("the converter's work has ended", () => program.Running == 0);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Preview_ThatTakesTooLong_Is504(string converter, string address)
    {
        await using var program = await FakeProgram.StartAsync(converter, slots: 1, Long);
        await using var server = await ConvertingServer.StartAsync([("Previews:Timeout", "00:00:00.3"), ("Previews:DisplayTimeout", "00:00:00.3")], program);
        using var client = await ClientOnceUpAsync(server, program);

        using var response = await client.PostAsync(address, Picture(64, 48), Cancellation);

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        await UntilAsync("the converter's work has ended", () => program.Running == 0);
    }

    [Fact]
    public async Task Preview_OfALargePicture_SaysTheLimit()
    {
        await using var first = await FakeProgram.StartAsync("first", slots: 1);
        await using var server = await ConvertingServer.StartAsync(first);
        using var client = await ClientOnceUpAsync(server, first);

        using var pixels = await client.PostAsync("/api/previews?converter=first", Picture(1000, 501), Cancellation);
        using var bytes = await client.PostAsync("/api/previews?converter=first", new ByteArrayContent(new byte[1_000_001]), Cancellation);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, pixels.StatusCode);
        Assert.Contains("500,000", await pixels.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, bytes.StatusCode);
        Assert.Empty(first.Calls);
    }

    [Fact]
    public async Task Display_OfAPictureOfAnySize_IsASmallCopy()
    {
        await using var thumbnail = await FakeProgram.StartAsync("thumbnail", slots: 1);
        await using var server = await ConvertingServer.StartAsync(thumbnail);
        using var client = await ClientOnceUpAsync(server, thumbnail);

        using var response = await client.PostAsync("/api/previews?display=true", Picture(1000, 501), Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["?copy=display"], thumbnail.Calls);
        Assert.True(response.Headers.CacheControl?.NoStore);
        Assert.False(response.Headers.Contains("X-Result-Info"));
        Assert.Empty(server.Queue.Unexpected);
    }

    [Fact]
    public async Task Display_OfAHeic_IsDecodedNoLargerThanNeeded()
    {
        await using var heic = await FakeProgram.StartAsync("heic", slots: 1);
        await using var thumbnail = await FakeProgram.StartAsync("thumbnail", slots: 1);
        await using var server = await ConvertingServer.StartAsync(heic, thumbnail);
        using var client = await ClientOnceUpAsync(server, heic, thumbnail);
        var file = HeifTools.Encode(Pictures.Png(64, 48));

        using var response = await client.PostAsync("/api/previews?display=true", new ByteArrayContent(file), Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["?side=2048"], heic.Calls);
        Assert.Equal([file.Length], heic.Inputs);
        Assert.Equal(["?copy=display"], thumbnail.Calls);
    }

    [Theory]
    [InlineData("display=false")]
    [InlineData("display=true&display=true")]
    [InlineData("display=true&converter=thumbnail")]
    [InlineData("display=true&recipe=[]")]
    public async Task Display_WithAnythingElse_Is400(string query)
    {
        await using var thumbnail = await FakeProgram.StartAsync("thumbnail", slots: 1);
        await using var server = await ConvertingServer.StartAsync(thumbnail);
        using var client = await ClientOnceUpAsync(server, thumbnail);

        using var response = await client.PostAsync("/api/previews?" + query, Picture(64, 48), Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(thumbnail.Calls);
    }

    [Fact]
    public async Task Display_OfWhatIsNoPicture_SaysSo()
    {
        await using var thumbnail = await FakeProgram.StartAsync("thumbnail", slots: 1);
        await using var server = await ConvertingServer.StartAsync([("Pictures:MaxBytes", "1000000")], thumbnail);
        using var client = await ClientOnceUpAsync(server, thumbnail);

        using var text = await client.PostAsync("/api/previews?display=true", new StringContent("Dear Sir or Madam,"), Cancellation);
        using var large = await client.PostAsync("/api/previews?display=true", new ByteArrayContent(new byte[1_000_001]), Cancellation);
        using var form = new MultipartFormDataContent { { Picture(8, 8), "image", "a.png" }, { Picture(8, 8), "0.style", "b.png" } };
        using var others = await client.PostAsync("/api/previews?display=true", form, Cancellation);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, text.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, others.StatusCode);
        Assert.Empty(thumbnail.Calls);
    }

    [Fact]
    public async Task Previews_TeachNothingAboutSlots()
    {
        await using var first = await FakeProgram.StartAsync("first", slots: 4);
        await using var server = await ConvertingServer.StartAsync(first);
        using var client = await ClientOnceUpAsync(server, first);

        for (var i = 0; i < 20; i++)
        {
            using var response = await client.PostAsync("/api/previews?converter=first", Picture(64, 48), Cancellation);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(1, server.Slots(first));
    }

    private static ByteArrayContent Picture(int width, int height) => new(Pictures.Png(width, height));

    /// <summary>A client, once the converters are up and their queues are asked for work.</summary>
    private static async Task<HttpClient> ClientOnceUpAsync(ConvertingServer server, params FakeProgram[] programs)
    {
        foreach (var program in programs)
        {
            await server.Find(program).WaitUntilUpAsync(Cancellation);
            await UntilAsync("its descriptor is known", () => server.Find(program).Info is not null);
        }

        return server.CreateClient();
    }

    private static Task UntilAsync(string what, Func<bool> condition) =>
        Until.TrueAsync(what, TestTimeout, () => Task.FromResult(condition()), Cancellation);
}
