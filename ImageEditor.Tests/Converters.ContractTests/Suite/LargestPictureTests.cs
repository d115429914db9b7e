using System.Net;
using ImageEditor.Converters.ContractTests.Driver;
using ImageEditor.Converters.ContractTests.Pictures;

namespace ImageEditor.Converters.ContractTests.Suite;

/// <summary>Pictures of as many pixels and frames as may be: what is done to them ends within the time limit, and within memory.</summary>
public sealed class LargestPictureTests
{
    /// <summary>
    /// Seconds that a conversion may take by default. Processor time is compared, which other processes of a busy machine do not change.
    /// </summary>
    private const double TimeLimit = 60;

    /// <summary>Bytes that a process may take with one conversion: of 16 bits and four channels, some copies of the picture.</summary>
    private const long MostMemory = 1_400L << 20;

    /// <summary>An environment variable: with any value the other pictures are tried as well as the photo, for half a minute each.</summary>
    private const string AllVariable = "IMAGE_EDITOR_TEST_LARGEST";

    private static readonly (string What, Func<byte[]> Create)[] Pictures =
    [
        ("a photo of 50 megapixels", () => GeneratedImages.Large(49_990_000)),
        ("50 megapixels of 16 bits with alpha", () => GeneratedImages.LargeDeep(7_071)),
        ("300 frames", () => GeneratedImages.LongAnimation("webp", frames: 300)),
    ];

    [Theory]
    [MemberData(nameof(ConverterUnderTest.QuickNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_Largest_IsDoneWithinTimeAndMemory(string name)
    {
        var converter = ConverterUnderTest.Named(name);
        await using var process = await ConverterProcess.StartAsync(converter, slots: 1, ("MALLOC_ARENA_MAX", "2"));
        var isOnlyThePhoto = string.IsNullOrEmpty(Environment.GetEnvironmentVariable(AllVariable));
        foreach (var (what, create) in isOnlyThePhoto ? Pictures.Take(1) : Pictures)
        {
            var picture = create();
            var before = process.CpuSeconds;

            var answer = await process.Client.ConvertAsync(picture, converter.CostlyParameters);

            Assert.True(answer.Status == HttpStatusCode.OK, $"{what}: {answer.Text}");
            var (seconds, megabytes) = (process.CpuSeconds - before, process.PeakBytes >> 20);
            TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {seconds:0.0} s, {megabytes} MB");
            Assert.True(seconds < TimeLimit, $"{what}: {seconds} s");
            Assert.True(process.PeakBytes < MostMemory, $"{what}: {megabytes} MB");
            using var result = Pixels.Open(answer.Body);
            Assert.True(result.Width * (long)result.Height > 1_000_000, $"{what}: {result.Width} × {result.Height}");
        }
    }
}
