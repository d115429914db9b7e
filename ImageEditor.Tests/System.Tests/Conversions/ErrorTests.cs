using System.Net;
using System.Net.Http.Headers;
using ImageEditor.SystemTests.Support;

namespace ImageEditor.SystemTests.Conversions;

/// <summary>Each error that the API names: type, status, and a sentence on what to do.</summary>
[Collection(nameof(RunningApp))]
public sealed class ErrorTests(RunningApp running)
{
    private static readonly byte[] Picture = Pictures.Png(8, 8);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("converter=")]
    [InlineData("converter=contrast&amount=much")]
    [InlineData("converter=contrast&amount=101")]
    [InlineData("converter=contrast&amount=-100.5")]
    [InlineData("converter=contrast&amount=NaN")]
    [InlineData("converter=contrast&amount=1&amount=2")]
    [InlineData("converter=contrast&brightness=3")]
    [InlineData("converter=contrast&format=bmp")]
    [InlineData("converter=grayscale&amount=3")]
    public async Task Submit_WithWrongParameters_Is400(string query) =>
        Problems.AssertProblem(
            await running.Client.TrySubmitAsync(query, Picture, cancellationToken: Cancelled),
            HttpStatusCode.BadRequest,
            "invalid-parameters");

    [Fact]
    public async Task Submit_WithAnIdempotencyKeyTooLong_Is400() =>
        Problems.AssertProblem(
            await running.Client.TrySubmitAsync("converter=slow", Picture, new string('x', 201), Cancelled),
            HttpStatusCode.BadRequest,
            "invalid-parameters");

    [Theory]
    [InlineData("nonsense", "multipart/form-data")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"image\"\r\n\r\ncut", "multipart/form-data; boundary=b")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"amount\"\r\n\r\n3\r\n--b--\r\n", "multipart/form-data; boundary=b")]
    public async Task Submit_ADamagedForm_Is400(string body, string type)
    {
        using var content = new ByteArrayContent(System.Text.Encoding.ASCII.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        var answer = await Answer.ReadAsync(
            await running.Client.Http.PostAsync(new Uri("/api/conversions?converter=contrast", UriKind.Relative), content, Cancelled),
            Cancelled);
        Problems.AssertProblem(answer, HttpStatusCode.BadRequest, "invalid-parameters");
    }

    [Fact]
    public async Task Submit_ToAnUnknownConverter_Is404() =>
        Problems.AssertProblem(
            await running.Client.TrySubmitAsync("converter=engraving", Picture, cancellationToken: Cancelled),
            HttpStatusCode.NotFound,
            "unknown-converter");

    [Theory]
    [InlineData("p0-00000000000000000000000000000000")]
    [InlineData("p1-00000000000000000000000000000000")]
    [InlineData("nonsense")]
    [InlineData("..%2F..%2Fclaims")]
    public async Task GetJob_Unknown_Is404(string id)
    {
        var answer = await running.Client.GetJobAsync(id, Cancelled);
        Problems.AssertProblem(answer, HttpStatusCode.NotFound, "job-not-found");
    }

    [Theory]
    [InlineData(20_000_001)]
    [InlineData(20_100_000)]
    public async Task Submit_MoreBytesThanAllowed_Is413ThatSaysHowManyAre(int bytes)
    {
        var picture = new byte[bytes];
        Picture.CopyTo(picture, 0);
        var answer = await running.Client.TrySubmitAsync("converter=slow", picture, cancellationToken: Cancelled);
        Problems.AssertProblem(answer, HttpStatusCode.RequestEntityTooLarge, "too-large");
        Assert.Contains("at most 20 MB", System.Text.Encoding.UTF8.GetString(answer.Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_AFormWithMoreBytesThanAllowedInAPicture_Is413ThatSaysHowManyAre()
    {
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(Picture), "image" },
            { new ByteArrayContent(new byte[20_100_000]), "picture" },
        };
        var answer = await Answer.ReadAsync(
            await running.Client.Http.PostAsync(new Uri("/api/conversions?converter=watermark", UriKind.Relative), form, Cancelled),
            Cancelled);
        Problems.AssertProblem(answer, HttpStatusCode.RequestEntityTooLarge, "too-large");
        Assert.Contains("at most 20 MB", System.Text.Encoding.UTF8.GetString(answer.Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_MoreBytesThanAllowedWithoutSayingSo_Is413()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/conversions?converter=slow")
        {
            Content = new ByteArrayContent(new byte[21_000_000]),
        };
        request.Headers.TransferEncodingChunked = true;
        var answer = await Answer.ReadAsync(await running.Client.Http.SendAsync(request, Cancelled), Cancelled);
        Problems.AssertProblem(answer, HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    [Fact]
    public async Task Submit_MoreBytesThanTheGatewayTakes_Is413()
    {
        var answer = await running.Client.TrySubmitAsync("converter=slow", new byte[40_000_001], cancellationToken: Cancelled);
        Problems.AssertProblem(answer, HttpStatusCode.RequestEntityTooLarge, "too-large");
        Assert.Contains("at most 40 MB", System.Text.Encoding.UTF8.GetString(answer.Body), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("This is a letter, not a picture.")]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\"/>")]
    [InlineData("%PDF-1.7")]
    public async Task Submit_WhatIsNoImage_Is415(string body) =>
        Problems.AssertProblem(
            await running.Client.TrySubmitAsync("converter=slow", System.Text.Encoding.UTF8.GetBytes(body), cancellationToken: Cancelled),
            HttpStatusCode.UnsupportedMediaType,
            "not-an-image");

    [Fact]
    public async Task Submit_AnEmptyHeader_Is422()
    {
        var picture = Pictures.Png(8, 8);
        picture.AsSpan(16, 8).Clear();
        Problems.AssertProblem(
            await running.Client.TrySubmitAsync("converter=slow", picture, cancellationToken: Cancelled),
            HttpStatusCode.UnprocessableEntity,
            "not-decodable");
    }

    [Fact]
    public async Task Submit_ATruncatedJpeg_IsAcceptedAndThenFailsWithItsReason()
    {
        var id = await running.Client.SubmitAsync("converter=grayscale", Photos.Read("truncated.jpg"), Cancelled);
        Problems.AssertProblem(await running.Client.WaitForEndAsync(id, Cancelled), HttpStatusCode.UnprocessableEntity, "not-decodable");
    }

    [Fact]
    public async Task Submit_Bombs_AreRefusedWithNoPixelDecoded()
    {
        var bombs = new (byte[] Picture, string Problem)[]
        {
            (Pictures.Png(7746, 7746), "too-many-pixels"),
            (Pictures.Png(1, 8_000_000), "side-too-long"),
            (Pictures.Gif(10_000), "too-many-frames"),
        };
        var before = await running.App.FakeConverterCallsAsync();
        var managers = await running.App.ReplicasAsync("conversion-manager");
        foreach (var (picture, problem) in bombs)
        {
            Problems.AssertProblem(
                await running.Client.TrySubmitAsync("converter=slow", picture, cancellationToken: Cancelled),
                HttpStatusCode.UnprocessableEntity,
                problem);
        }

        var memory = managers.Select(manager => ProcessFigures.Resident(manager.ProcessId)).ToList();
        for (var round = 0; round < 20; round++)
        {
            foreach (var (picture, problem) in bombs)
            {
                Problems.AssertProblem(
                    await running.Client.TrySubmitAsync("converter=slow", picture, cancellationToken: Cancelled),
                    HttpStatusCode.UnprocessableEntity,
                    problem);
            }
        }

        // A decoded bomb is 60 MB and more; what the refusals leave behind is a fraction of one.
        Assert.Equal(before.Started, (await running.App.FakeConverterCallsAsync()).Started);
        Assert.All(
            managers.Zip(memory),
            pair => Assert.InRange(ProcessFigures.Resident(pair.First.ProcessId) - pair.Second, long.MinValue, 50_000_000));

        // The process that looks at pictures has no decoder in it at all.
        Assert.All(
            managers, manager => Assert.DoesNotContain("vips", ProcessFigures.Map(manager.ProcessId), StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("unprocessable", HttpStatusCode.UnprocessableEntity, "not-decodable")]
    [InlineData("timeout", HttpStatusCode.GatewayTimeout, "time-limit")]
    [InlineData("error", HttpStatusCode.InternalServerError, "conversion-failed")]
    [InlineData("text", HttpStatusCode.InternalServerError, "conversion-failed")]
    [InlineData("cut", HttpStatusCode.InternalServerError, "conversion-failed")]
    [InlineData("break", HttpStatusCode.InternalServerError, "conversion-failed")]
    public async Task Job_WhoseConverterFails_FailsWithAReason(string how, HttpStatusCode status, string type)
    {
        var id = await running.Client.SubmitAsync($"converter=slow&answer={how}", Picture, Cancelled);
        Problems.AssertProblem(await running.Client.WaitForEndAsync(id, Cancelled), status, type);
    }

    [Theory]
    [InlineData("unprocessable", 1)]
    [InlineData("timeout", 1)]
    [InlineData("error", 3)]
    [InlineData("break", 10)]
    public async Task Job_WhoseConverterFails_IsTriedAsOftenAsItsKindOfFailureAllows(string how, int tries)
    {
        var before = await running.App.FakeConverterCallsAsync();
        var id = await running.Client.SubmitAsync($"converter=slow&answer={how}", Picture, Cancelled);
        await running.Client.WaitForEndAsync(id, Cancelled);
        Assert.Equal(tries, (await running.App.FakeConverterCallsAsync()).Started - before.Started);
    }

    [Theory]
    [InlineData("POST", "/jobs?id=p0-00000000000000000000000000000000&converter=slow")]
    [InlineData("POST", "/claims")]
    [InlineData("GET", "/jobs/p0-00000000000000000000000000000000/input")]
    [InlineData("GET", "/api/nothing")]
    [InlineData("POST", "/convert")]
    public async Task Gateway_InternalAndUnknownRoutes_Are404(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        var answer = await Answer.ReadAsync(await running.Client.Http.SendAsync(request, Cancelled), Cancelled);
        Problems.AssertProblem(answer, HttpStatusCode.NotFound, "not-found");
    }

    [Theory]
    [InlineData("job-manager", "/api/jobs/p0-00000000000000000000000000000000")]
    [InlineData("job-manager", "/claims")]
    [InlineData("conversion-manager", "/api/converters")]
    [InlineData("web-frontend", "/")]
    public async Task Service_CalledDirectlyWithoutTheKey_Refuses(string resource, string path)
    {
        using var client = running.App.CreateServiceClient(resource);
        client.DefaultRequestHeaders.Add("X-Internal-Key", "wrong");
        var answer = await Answer.ReadAsync(await client.GetAsync(new Uri(path, UriKind.Relative), Cancelled), Cancelled);
        Problems.AssertProblem(answer, HttpStatusCode.Unauthorized, "unauthorized");
    }
}
