using System.Diagnostics;
using System.Net;
using ImageEditor.Converters.ContractTests.Driver;
using ImageEditor.Converters.ContractTests.Pictures;

namespace ImageEditor.Converters.ContractTests.Suite;

/// <summary>Files made to cost much: they cost little, and whoever waits behind them goes on.</summary>
public sealed class BombTests
{
    /// <summary>Bytes that a process may grow by.</summary>
    private const long Grown = 200L << 20;

    /// <summary>Three times what the slowest takes, on a busy machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData("flip-horizontal")]
    [InlineData("pixelate")]
    [InlineData("thumbnail")]
    public async Task Convert_Bombs_CostLittleAndFreeTheirSlot(string name)
    {
        await using var process = await ConverterProcess.StartAsync(ConverterUnderTest.Named(name), slots: 1);
        await process.Client.ConvertedAsync(GeneratedImages.Small("jpg"));
        await process.Client.ConvertAsync(Bombs.JpegWithExif(300));
        var before = process.PeakBytes;
        (string What, byte[] File, string? Problem)[] files =
        [
            ("4,000 scans of 49 megapixels", FieldFiles.Read("scans-4000-7000px.jpg.gz"), "too-many-pixels"),
            ("21 scans of 49 megapixels", Bombs.JpegOfScans(7_000, 21), "too-many-pixels"),
            ("50,000 scans", Bombs.JpegOfScans(64, 50_000), "too-many-pixels"),
            ("1,000 scans", Bombs.JpegOfScans(500, 1_000), "too-many-pixels"),
            ("100 scans of a small picture", Bombs.JpegOfScans(500, 100), null),
            ("a profile of 60 MB", Bombs.PngWithProfile(60_000_000), "not-decodable"),
            ("300 texts of 8 MB", Bombs.PngWithTexts(300), null),
            ("300 EXIF blocks", Bombs.JpegWithExif(300), null),
            ("nested directories", Bombs.NestedTiff(200_000), null),
            ("millions of properties", Bombs.AvifOfProperties(50_000), "not-decodable"),
        ];
        foreach (var (what, file, problem) in files)
        {
            var start = Stopwatch.GetTimestamp();

            var answer = await process.Client.ConvertAsync(file);

            if (problem is not null)
            {
                answer.MustBeProblem(HttpStatusCode.UnprocessableEntity, problem);
            }
            else
            {
                Assert.True(answer.Status == HttpStatusCode.OK, $"{what}: {answer.Text}");
            }

            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, $"{what}: {Stopwatch.GetElapsedTime(start)}");
            Assert.True(process.PeakBytes - before < Grown, $"{what}: {process.PeakBytes - before:N0} bytes");
            await process.Client.ConvertedAsync(GeneratedImages.Small("jpg"));
        }
    }
}
