using System.Net;
using ImageEditor.Converters.ContractTests.Pictures;
using NetVips;

namespace ImageEditor.Converters.ContractTests.Sdk;

/// <summary>Work past its limits, whatever a converter does.</summary>
[Collection(nameof(SdkTests))]
public sealed class LimitTests
{
    [Fact]
    public async Task Convert_LongerThanTheTimeLimit_Is504WithAReason()
    {
        await using var converter = await InProcessConverter.StartAsync(
            conversion =>
            {
                conversion.CancellationToken.WaitHandle.WaitOne();
                conversion.CancellationToken.ThrowIfCancellationRequested();
                return conversion.Image.Copy();
            },
            settings: "TimeLimit=00:00:00.1");

        var detail = (await converter.Client.ConvertAsync(GeneratedImages.Small("png")))
            .MustBeProblem(HttpStatusCode.GatewayTimeout, "time-limit");

        Assert.Contains("took longer", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Convert_CallerAborts_CancelsTheConverter()
    {
        var started = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await using var converter = await InProcessConverter.StartAsync(conversion =>
        {
            started.SetResult();
            conversion.CancellationToken.WaitHandle.WaitOne();
            cancelled.SetResult();
            conversion.CancellationToken.ThrowIfCancellationRequested();
            return conversion.Image.Copy();
        });
        using var abort = new CancellationTokenSource();
        var call = converter.Client.ConvertUntilAsync(new ByteArrayContent(GeneratedImages.Small("png")), "", abort.Token);
        await started.Task;

        await abort.CancelAsync();

        await cancelled.Task;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task Convert_InputTooLong_Is413()
    {
        await using var converter = await InProcessConverter.StartAsync(
            conversion => conversion.Image.Copy(), settings: "MaxInputBytes=1000");

        (await converter.Client.ConvertAsync(new byte[1001])).MustBeProblem(HttpStatusCode.RequestEntityTooLarge, "too-large");
        using var chunked = new StreamContent(new MemoryStream(new byte[1001])) { Headers = { ContentLength = null } };
        (await converter.Client.ConvertAsync(chunked)).MustBeProblem(HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    [Theory]
    [InlineData("jpeg")]
    [InlineData("png")]
    [InlineData("webp")]
    [InlineData("avif")]
    public async Task Convert_ResultTooLong_Is413(string format)
    {
        await using var converter = await InProcessConverter.StartAsync(
            conversion => conversion.Image.Copy(), settings: "MaxResultBytes=400");

        var answer = await converter.Client.ConvertAsync(Photos.Read("coffee.png"), $"format={format}");

        Assert.Contains("result", answer.MustBeProblem(HttpStatusCode.RequestEntityTooLarge, "too-large"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(16_384, 1, "side-too-long")]
    [InlineData(8_000, 8_000, "too-many-pixels")]
    public async Task Convert_ResultTooLarge_Is422(int width, int height, string type)
    {
        await using var converter = await InProcessConverter.StartAsync(_ => Image.Black(width, height));

        (await converter.Client.ConvertAsync(GeneratedImages.Small("png"))).MustBeProblem(HttpStatusCode.UnprocessableEntity, type);
    }
}
