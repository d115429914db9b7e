using System.Diagnostics;
using System.Net;
using ImageEditor.ConversionManager.ImageInspection;
using ImageEditor.Converters.ContractTests.Driver;
using ImageEditor.Converters.ContractTests.Pictures;

namespace ImageEditor.Converters.ContractTests.Heic;

/// <summary>Files that are broken, or made to cost much: they cost little, and the next picture is decoded.</summary>
public sealed class HeicDamageTests(RunningConverters converters)
{
    /// <summary>Bytes that the process may grow by for files that it does not decode.</summary>
    private const long Grown = 64L << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Convert_CutAnywhere_Is422()
    {
        var client = await converters.ClientAsync("heic");
        var whole = HandmadeHeic.Small;
        for (var length = 28; length < whole.Length; length += 1 + (whole.Length / 60))
        {
            (await client.ConvertAsync(whole[..length])).MustBeProblem(HttpStatusCode.UnprocessableEntity, "not-decodable");
        }
    }

    /// <summary>A decoder finds wrong lengths of what it is given; what else is wrong there is another picture.</summary>
    [Fact]
    public async Task Convert_DataOfZeros_Is422()
    {
        var file = HandmadeHeic.Small.ToArray();
        var (start, length) = HandmadeHeic.DataOfSmall;
        file.AsSpan(start, length).Clear();

        var answer = await (await converters.ClientAsync("heic")).ConvertAsync(file);

        answer.MustBeProblem(HttpStatusCode.UnprocessableEntity, "not-decodable");
    }

    [Fact]
    public async Task Convert_Damaged_IsConvertedOrRefusedButNeverAnError()
    {
        var client = await converters.ClientAsync("heic");
        var random = new Random(20261128);
        foreach (var name in (string[])["grid, clap, irot 3, imir 0", "alpha, irot 1 of both", "nclx Display P3"])
        {
            var whole = HandmadeHeic.Files[name]();
            for (var damage = 0; damage < 80; damage++)
            {
                // Most of it where the lists are.
                var file = whole[..random.Next(damage % 4 == 0 ? 1 : whole.Length, whole.Length + 1)];
                for (var flip = random.Next(1, 6); flip > 0; flip--)
                {
                    file[random.Next(1 + random.Next(file.Length))] ^= (byte)(1 << random.Next(8));
                }

                var answer = await client.ConvertAsync(file);

                Assert.True(
                    answer.Status is HttpStatusCode.OK or HttpStatusCode.UnsupportedMediaType or HttpStatusCode.UnprocessableEntity,
                    $"{name} {damage}: {answer.Status} {answer.Text} for {Convert.ToBase64String(file)}");
            }
        }
    }

    [Fact]
    public async Task Convert_Bombs_AreRefusedBeforeTheyAreDecoded()
    {
        await using var process = await ConverterProcess.StartAsync(ConverterUnderTest.Named("heic"), slots: 1);
        var bombs = HandmadeHeic.Bombs.ToDictionary(
            bomb => bomb.Key, bomb => (File: bomb.Value.File(), bomb.Value.Problem, bomb.Value.Reason));

        // Nothing was decoded yet: the decoder's program alone would take more.
        (await process.Client.ConvertAsync(bombs["overlay"].File)).MustBeProblem(HttpStatusCode.UnprocessableEntity, "not-decodable");
        var before = process.PeakBytes;
        foreach (var (name, (file, problem, reason)) in bombs)
        {
            var start = Stopwatch.GetTimestamp();

            var detail = (await process.Client.ConvertAsync(file)).MustBeProblem(HttpStatusCode.UnprocessableEntity, problem);

            Assert.True(detail.Contains(reason, StringComparison.Ordinal), $"{name}: {detail}");
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, $"{name}: {Stopwatch.GetElapsedTime(start)}");
            Assert.True(process.PeakBytes - before < Grown, $"{name}: {process.PeakBytes - before:N0} bytes");
        }

        await process.Client.ConvertedAsync(HandmadeHeic.Small);
    }

    /// <summary>What the lists of items tell, ConversionManager can refuse on submission.</summary>
    [Theory]
    [InlineData("60 megapixels said", "too-many-pixels")]
    [InlineData("a side of 20,000 said", "side-too-long")]
    [InlineData("large tile used a hundred times", "not-decodable")]
    [InlineData("tile of itself", "not-decodable")]
    [InlineData("large alpha", "not-decodable")]
    [InlineData("overlay", "not-decodable")]
    public void InspectHeic_Bomb_IsPastALimitOrRefused(string name, string problem)
    {
        var inspection = ImageInspector.InspectHeic(HandmadeHeic.Bombs[name].File());

        var refusal = inspection.IsAccepted ? new ImageLimits().Check(inspection.Info) : inspection.Refusal;

        Assert.Equal(problem, refusal?.Type.Name);
    }
}
