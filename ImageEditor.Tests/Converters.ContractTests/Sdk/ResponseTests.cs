using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ImageEditor.Converters.ContractTests.Driver;
using ImageEditor.Converters.ContractTests.Pictures;
using ImageEditor.ServiceDefaults.Problems;

namespace ImageEditor.Converters.ContractTests.Sdk;

/// <summary>What a converter made with the SDK can send beside its result.</summary>
[Collection(nameof(SdkTests))]
public sealed class ResponseTests
{
    private const string Mixed = "multipart/mixed, image/*";

    [Fact]
    public async Task Report_CallerTakesParts_ComesBeforeTheImage()
    {
        await using var converter = await InProcessConverter.StartAsync(conversion =>
        {
            using var memory = conversion.Image.CopyMemory();
            conversion.Report(0.25);
            conversion.Preview(memory);
            conversion.Report(7);
            conversion.ResultInfo["found"] = "2 Gesichter, größer";
            return memory.Invert();
        });

        var parts = await MultipartPart.AllOfAsync(await converter.Client.ConvertAsync(new ByteArrayContent(Picture()), accept: Mixed));

        Assert.Equal(["application/json", "image/jpeg", "application/json", "image/png"], parts.Select(part => part.MediaType));
        Assert.Equal(0.25, (double)JsonNode.Parse(parts[0].Body)!["progress"]!);
        Assert.Equal((512, 256), Size(parts[1].Body));
        Assert.Equal(1, (double)JsonNode.Parse(parts[2].Body)!["progress"]!);
        Assert.Equal((1000, 500), Size(parts[3].Body));
        Assert.Equal("2 Gesichter, größer", (string?)JsonNode.Parse(parts[3].ResultInfo!)!["found"]);
    }

    [Fact]
    public async Task Preview_WhileTheWorkGoesOn_IsWholeForItsReader()
    {
        using var seen = new ManualResetEventSlim();
        await using var converter = await InProcessConverter.StartAsync(conversion =>
        {
            using var memory = conversion.Image.CopyMemory();
            conversion.Preview(memory);
            seen.Wait(conversion.CancellationToken);
            return memory.Invert();
        });

        var parts = new List<string?>();
        await foreach (var part in converter.Client.PartsAsync(Picture()))
        {
            // It is read to its end before the converter continues.
            parts.Add(part.MediaType);
            seen.Set();
        }

        Assert.Equal(["image/jpeg", "image/png"], parts);
    }

    [Fact]
    public async Task Report_CallerTakesOnlyImages_IsLeftOut()
    {
        await using var converter = await InProcessConverter.StartAsync(conversion =>
        {
            conversion.Report(0.5);
            conversion.Preview(conversion.Image);
            conversion.ResultInfo["faces"] = 2;
            return conversion.Image.Invert();
        });

        var answer = await converter.Client.ConvertAsync(Picture());

        Assert.Equal(("image/png", """{"faces":2}"""), (answer.ContentType, answer.ResultInfo));
    }

    [Fact]
    public async Task Convert_NothingReported_IsJustTheImage()
    {
        await using var converter = await InProcessConverter.StartAsync(conversion => conversion.Image.Invert());

        var answer = await converter.Client.ConvertAsync(new ByteArrayContent(Picture()), accept: Mixed);

        Assert.Equal(("image/png", null), (answer.ContentType, answer.ResultInfo));
    }

    [Fact]
    public async Task Refusal_AfterProgress_IsTheLastPart()
    {
        await using var converter = await InProcessConverter.StartAsync(conversion =>
        {
            conversion.Report(0.5);
            throw ProblemTypes.NotDecodable.Refuse("There is nothing to see here. Send another.");
        });

        var parts = await MultipartPart.AllOfAsync(await converter.Client.ConvertAsync(new ByteArrayContent(Picture()), accept: Mixed));

        Assert.Equal(["application/json", "application/problem+json"], parts.Select(part => part.MediaType));
        Assert.Contains("nothing to see", Encoding.UTF8.GetString(parts[1].Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DamagedInput_AfterProgress_IsTheLastPart()
    {
        await using var converter = await InProcessConverter.StartAsync(conversion =>
        {
            conversion.Report(0.5);
            return conversion.Image.Invert();
        });
        var whole = GeneratedImages.File(GeneratedImages.Gradient(300, 200), "jpg");

        var parts = await MultipartPart.AllOfAsync(
            await converter.Client.ConvertAsync(new ByteArrayContent(whole[..^2000]), accept: Mixed));

        Assert.Equal("application/problem+json", parts[^1].MediaType);
        Assert.Contains("not-decodable", Encoding.UTF8.GetString(parts[^1].Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exception_OfAConverter_Is500AndFreesTheSlot()
    {
        await using var converter = await InProcessConverter.StartAsync(
            conversion => throw new InvalidOperationException("A mistake of its author."), settings: "ConcurrentRequests=1");

        for (var call = 0; call < 3; call++)
        {
            var detail = (await converter.Client.ConvertAsync(Picture()))
                .MustBeProblem(HttpStatusCode.InternalServerError, "internal-error");
            Assert.DoesNotContain("mistake", detail, StringComparison.Ordinal);
        }
    }

    private static byte[] Picture() => GeneratedImages.File(GeneratedImages.Gradient(1000, 500), "png");

    private static (int Width, int Height) Size(byte[] file)
    {
        using var image = Pixels.Open(file);
        return (image.Width, image.Height);
    }
}
