using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using ImageEditor.Converters.ContractTests.Driver;
using ImageEditor.Converters.ContractTests.Pictures;

namespace ImageEditor.Converters.ContractTests.Formulas;

public sealed class CompressTests(RunningConverters converters)
{
    private const int MostEncodings = 8;
    private const int MostTries = 6;

    /// <summary>A part of the shared photo, in formats with a quality.</summary>
    [Theory]
    [InlineData("format=jpeg", 40)]
    [InlineData("format=jpeg", 12)]
    [InlineData("format=webp", 25)]
    [InlineData("format=avif", 20)]
    [InlineData("best=true", 15)]
    [InlineData("best=true", 30)]
    public async Task Convert_ToASize_IsTheBestThatFits(string query, int kilobytes)
    {
        var client = await converters.ClientAsync("compress");

        var answer = await client.ConvertAsync(Photo("png"), $"{query}&size={kilobytes}");

        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        var info = JsonNode.Parse(answer.ResultInfo!)!;
        Assert.InRange(answer.Body.Length, kilobytes * 700, kilobytes * 1000);
        Assert.Equal(answer.Body.Length, (int?)info["bytes"]);
        Assert.Equal(kilobytes * 1000, (int?)info["target"]);
        Assert.Equal("image/" + (string?)info["format"], answer.MediaType);
        Assert.InRange((int)info["encodings"]!, 1, MostEncodings);
        Assert.Null(info["notice"]);
        Assert.Equal(Pixels.Of(Photo("png")).Width, Pixels.Of(answer.Body).Width);

        // A little more of quality is more than was allowed, or all but as much.
        if (query.StartsWith("format", StringComparison.Ordinal))
        {
            var better = await client.ConvertAsync(Photo("png"), $"{query}&quality={(int)info["quality"]! + 2}");
            Assert.True(better.Body.Length > kilobytes * 1000 || answer.Body.Length >= kilobytes * 970, $"{better.Body.Length}");
        }
    }

    [Fact]
    public async Task Convert_ToAQuality_IsOneEncoding()
    {
        var client = await converters.ClientAsync("compress");

        var fine = await client.ConvertAsync(Photo("jpg"), "quality=80");
        var coarse = await client.ConvertAsync(Photo("jpg"), "quality=30");

        var (info, original) = (JsonNode.Parse(fine.ResultInfo!)!, Pixels.Of(Photo("jpg")));
        Assert.Equal((80, 1), ((int)info["quality"]!, (int)info["encodings"]!));
        Assert.True(coarse.Body.Length < 0.6 * fine.Body.Length);
        Assert.InRange(
            Pixels.Of(fine.Body).MeanDifference(original), 0, Pixels.Of(coarse.Body).MeanDifference(original));
    }

    [Theory]
    [InlineData("jpg", "")]
    [InlineData("jpg", "best=true")]
    [InlineData("png", "")]
    [InlineData("gif", "")]
    public async Task Convert_ToASizeThatCannotBe_IsTheSmallestAndSaysSo(string format, string query)
    {
        var client = await converters.ClientAsync("compress");

        var answer = await client.ConvertAsync(Photo(format), $"{query}&size=1");

        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        var info = JsonNode.Parse(answer.ResultInfo!)!;
        Assert.Contains("1 kB", (string?)info["notice"], StringComparison.Ordinal);
        Assert.InRange((int)info["encodings"]!, 1, MostEncodings);
        Assert.InRange(answer.Body.Length, 1001, int.MaxValue);
    }

    /// <summary>
    /// A size that no quality gives, in a time for three encodings, of the seven that the search would make. How long that is follows from
    /// the time that one takes on this machine now.
    /// </summary>
    [Fact]
    public async Task Convert_ToASizeThatCannotBe_EndsWithinTheTimeLimitWithTheBestSoFar()
    {
        var large = GeneratedImages.Large(16_000_000);
        TimeSpan one;
        await using (var unhurried = await ConverterProcess.StartAsync(ConverterUnderTest.Named("compress"), slots: 1))
        {
            await unhurried.Client.ConvertedAsync(GeneratedImages.Small("jpg"), "format=avif");
            var start = Stopwatch.GetTimestamp();
            await unhurried.Client.ConvertedAsync(large, "format=avif");
            one = Stopwatch.GetElapsedTime(start);
        }

        var answer = await AnswerWithinAsync(3 * one);
        for (var tries = 1; tries < MostTries && !HasRunOutOfTime(answer); tries++)
        {
            // The machine was busier when one was timed, or is now.
            one = answer.Status == HttpStatusCode.GatewayTimeout ? one * 1.3 : one / 1.5;
            answer = await AnswerWithinAsync(3 * one);
        }

        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        var info = JsonNode.Parse(answer.ResultInfo!)!;
        Assert.True(HasRunOutOfTime(answer), answer.ResultInfo);
        Assert.InRange((int)info["encodings"]!, 1, MostEncodings - 2);
        Assert.Equal(answer.Body.Length, (int?)info["bytes"]);
        using var result = Pixels.Open(answer.Body);
        Assert.InRange(result.Width * (long)result.Height, 15_900_000, 16_100_000);

        async Task<ConverterResponse> AnswerWithinAsync(TimeSpan timeLimit)
        {
            await using var process = await ConverterProcess.StartAsync(
                ConverterUnderTest.Named("compress"),
                slots: 1,
                ("Converter__TimeLimit", timeLimit.ToString("c", CultureInfo.InvariantCulture)));
            await process.Client.ConvertedAsync(GeneratedImages.Small("jpg"), "format=avif");
            return await process.Client.ConvertAsync(large, "format=avif&size=1");
        }

        static bool HasRunOutOfTime(ConverterResponse answer) =>
            answer.ResultInfo?.Contains("no time", StringComparison.Ordinal) == true;
    }

    [Theory]
    [InlineData(3, false, "image/jpeg,image/webp,image/avif")]
    [InlineData(4, true, "image/webp,image/avif")]
    public async Task Convert_BestFormat_IsTheSmallestThatHoldsThePicture(int bands, bool hasAlpha, string types)
    {
        var client = await converters.ClientAsync("compress");
        var file = GeneratedImages.File(GeneratedImages.Gradient(300, 200, bands), "png");

        var best = await client.ConvertAsync(file, "best=true");

        Assert.Contains(best.MediaType, types.Split(','));
        Assert.Equal(hasAlpha, Pixels.Of(best.Body).HasAlpha);
        foreach (var type in types.Split(','))
        {
            var other = await client.ConvertAsync(file, $"format={type[6..]}");
            Assert.InRange(best.Body.Length, 1, other.Body.Length);
        }
    }

    [Fact]
    public async Task Convert_Animation_KeepsItsFrames()
    {
        var client = await converters.ClientAsync("compress");

        var answer = await client.ConvertAsync(GeneratedImages.Animation("gif", hasAlpha: false), "best=true&size=2");

        Assert.Equal("image/webp", answer.MediaType);
        using var result = Pixels.Open(answer.Body);
        Assert.Equal(GeneratedImages.Delays.Length, result.Height / result.PageHeight);
    }

    /// <summary>16 bits stay where the format holds more than 8: all of them without loss, 12 in AVIF. Elsewhere they are rounded to 8.</summary>
    [Theory]
    [InlineData(3, "", 65_535, 0)]
    [InlineData(4, "", 65_535, 0)]
    [InlineData(3, "", 65_535, 0, "tif")]
    [InlineData(3, "format=avif&quality=90", 65_535, 0.01)]
    [InlineData(4, "format=avif&size=10", 65_535, 0.02)]
    [InlineData(3, "format=jpeg&quality=90", 255, 0.01)]
    [InlineData(4, "format=webp&size=10", 255, 0.02)]
    [InlineData(3, "best=true&size=10", 0, 0.02)]
    [InlineData(4, "best=true&size=10", 0, 0.02)]
    public async Task Convert_SixteenBits_KeepsWhatTheFormatHolds(
        int bands, string query, int maximum, double tolerance, string format = "png")
    {
        var client = await converters.ClientAsync("compress");
        using var gradient = GeneratedImages.DeepGradient(300, 200, bands);
        var file = GeneratedImages.File(gradient, format);

        var answer = await client.ConvertAsync(file, query);

        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        Assert.Null(JsonNode.Parse(answer.ResultInfo!)!["notice"]);
        var (result, original) = (Pixels.Of(answer.Body), Pixels.Of(file));
        Assert.True(maximum == 0 || result.Maximum == maximum, $"{result.Maximum}");
        Assert.Equal(bands == 4, result.HasAlpha);
        Assert.InRange(result.MeanDifference(original), 0, tolerance);
        if (tolerance == 0)
        {
            Assert.Equal(original.Values, result.Values);
        }
    }

    [Fact]
    public async Task Convert_FormatAndBest_Is400() =>
        (await (await converters.ClientAsync("compress")).ConvertAsync(GeneratedImages.Small("png"), "format=webp&best=true"))
            .MustBeProblem(HttpStatusCode.BadRequest, "invalid-parameters");

    private static byte[] Photo(string format)
    {
        using var photo = Pixels.Open(Photos.Read("coffee.png"));
        using var part = photo.Crop(0, 0, 400, 300);
        return GeneratedImages.File(part, format);
    }
}
