using System.Net.Http.Headers;
using System.Text;
using ImageEditor.ConversionManager.Attempts;
using ImageEditor.ConversionManager.Leasing;
using ImageEditor.ConversionManager.Streams;

namespace ImageEditor.ConversionManager.Tests.Attempts;

public sealed class MultipartMixedReaderTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_ProgressPreviewsAndAnImage_EndsWithTheImage()
    {
        var progress = new AttemptProgress();
        var previews = new List<string>();

        var part = await ReadAsync(
            Part("application/json", """{"progress": 0.4}""")
            + Part("image/png", "preview")
            + Part("application/json", """{"progress": 0.9}""")
            + Part("image/png", "result", "X-Result-Info: {\"faces\":2}\r\n") + "--b--\r\n",
            progress,
            previews);

        Assert.Equal(["preview"], previews);
        Assert.Equal("result", Encoding.ASCII.GetString(part.Body!.Value.Span));
        Assert.Equal("image/png", part.MediaType);
        Assert.Equal("""{"faces":2}""", part.ResultInfo);
        Assert.Equal(0.9, progress.Value);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"progress": "half"}""")]
    [InlineData("""{"done": 1}""")]
    public async Task Read_GarbledProgress_IsPassedOver(string json)
    {
        var part = await ReadAsync(Part("application/json", json) + Part("image/png", "result") + "--b--\r\n", new AttemptProgress());

        Assert.Equal("result", Encoding.ASCII.GetString(part.Body!.Value.Span));
    }

    [Fact]
    public async Task Read_NoImageAtTheEnd_IsABrokenAnswer() =>
        await Assert.ThrowsAsync<IOException>(
            () => ReadAsync(Part("application/json", """{"progress": 1}""") + "--b--\r\n", new AttemptProgress()));

    [Fact]
    public async Task Read_AnAnswerThatBreaksOff_IsABrokenAnswer() =>
        await Assert.ThrowsAsync<IOException>(() => ReadAsync("--b\r\nContent-Type: image/png\r\n\r\nhalf an im", new AttemptProgress()));

    [Fact]
    public async Task Read_AnImageTooLarge_HasNoBody() =>
        Assert.Null((await ReadAsync(Part("image/png", new string('x', 101)) + "--b--\r\n", new AttemptProgress())).Body);

    private static string Part(string type, string body, string headers = "") => $"--b\r\nContent-Type: {type}\r\n{headers}\r\n{body}\r\n";

    private static async Task<FinalPart<ReadOnlyMemory<byte>?>> ReadAsync(
        string body, AttemptProgress progress, List<string>? previews = null)
    {
        using var response = new HttpResponseMessage { Content = new ByteArrayContent(Encoding.ASCII.GetBytes(body)) };
        var type = MediaTypeHeaderValue.Parse("multipart/mixed; boundary=b");
        return await MultipartMixedReader.ReadAsync(
            response,
            type,
            part => LimitedBodyReader.ReadAsync(part, length: null, 100, Cancellation),
            progress,
            preview => previews?.Add(Encoding.ASCII.GetString(preview!.Value.Span)),
            Cancellation);
    }
}
