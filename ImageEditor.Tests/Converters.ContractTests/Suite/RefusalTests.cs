using System.Net;
using System.Text;
using ImageEditor.Converters.ContractTests.Driver;
using ImageEditor.Converters.ContractTests.Pictures;

namespace ImageEditor.Converters.ContractTests.Suite;

public sealed class RefusalTests(RunningConverters converters)
{
    private const long Grown = 24 << 20;

    [Theory]
    [MemberData(nameof(ConverterUnderTest.ReaderNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_NoPictureThatIsRead_Is415(string name)
    {
        var client = await converters.ClientAsync(name);
        byte[][] bodies =
        [
            [],
            [0xFF],
            "Hello, this is text."u8.ToArray(),
            "%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"u8.ToArray(),
            Encoding.UTF8.GetBytes("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>"),
            "P6 1 1 255\nabc"u8.ToArray(),
            [.. "BM"u8, .. new byte[64]],
            [0, 0, 0, 0x18, .. "ftypheic"u8, 0, 0, 0, 0, .. "mif1heic"u8],
            HandmadeFiles.AnimatedPng(),
        ];
        foreach (var body in bodies)
        {
            (await client.ConvertAsync(body)).MustBeProblem(HttpStatusCode.UnsupportedMediaType, "not-an-image");
        }
    }

    [Theory]
    [MemberData(nameof(ConverterUnderTest.ReaderNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_PastALimit_IsRefusedFromTheHeaderAlone(string name)
    {
        await using var process = await ConverterProcess.StartAsync(ConverterUnderTest.Named(name), slots: 1);
        var sixtyMegapixels = HandmadeFiles.HugePng(10_000, 6_000);
        Assert.InRange(sixtyMegapixels.Length, 1, 20_000);

        // The first round warms up, the second measures.
        var before = long.MaxValue;
        foreach (var _ in (bool[])[false, true])
        {
            (await process.Client.ConvertAsync(HandmadeFiles.HugePng(1, 8_000_000)))
                .MustBeProblem(HttpStatusCode.UnprocessableEntity, "side-too-long");
            (await process.Client.ConvertAsync(HandmadeFiles.HugePng(16_384, 1)))
                .MustBeProblem(HttpStatusCode.UnprocessableEntity, "side-too-long");
            (await process.Client.ConvertAsync(HandmadeFiles.Gif(1_000, 1_000, 301)))
                .MustBeProblem(HttpStatusCode.UnprocessableEntity, "too-many-frames");
            (await process.Client.ConvertAsync(HandmadeFiles.Gif(1_000, 1_000, 51)))
                .MustBeProblem(HttpStatusCode.UnprocessableEntity, "too-many-pixels");
            before = Math.Min(before, process.PeakBytes);
            (await process.Client.ConvertAsync(sixtyMegapixels)).MustBeProblem(HttpStatusCode.UnprocessableEntity, "too-many-pixels");
            (await process.Client.ConvertAsync(HandmadeFiles.Gif(1_000, 1_000, 10_000)))
                .MustBeProblem(HttpStatusCode.UnprocessableEntity, "too-many-frames");
        }

        Assert.InRange(process.PeakBytes - before, 0, Grown);
    }

    [Theory]
    [MemberData(nameof(ConverterUnderTest.ReaderNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_TruncatedPhoto_Is422WithAReason(string name)
    {
        var client = await converters.ClientAsync(name);

        var detail = (await client.ConvertAsync(Photos.Read(Photos.Truncated)))
            .MustBeProblem(HttpStatusCode.UnprocessableEntity, "not-decodable");

        Assert.Contains("JPEG", detail, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ConverterUnderTest.ReaderNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_HalfAFile_Is422(string name)
    {
        var client = await converters.ClientAsync(name);
        foreach (var format in GeneratedImages.Formats)
        {
            var whole = GeneratedImages.GradientFile(300, 200, format);

            (await client.ConvertAsync(whole[..(whole.Length / 2)])).MustBeProblem(HttpStatusCode.UnprocessableEntity, "not-decodable");
        }
    }

    [Theory]
    [MemberData(nameof(ConverterUnderTest.ReaderNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_DamagedFiles_AreConvertedOrRefusedButNeverAnError(string name)
    {
        var client = await converters.ClientAsync(name);
        var random = new Random(20261122);
        foreach (var format in GeneratedImages.Formats)
        {
            var whole = GeneratedImages.Small(format);
            for (var damage = 0; damage < 25; damage++)
            {
                var file = whole[..random.Next(1, whole.Length + 1)];
                for (var flip = random.Next(8); flip > 0; flip--)
                {
                    file[random.Next(file.Length)] ^= (byte)(1 << random.Next(8));
                }

                var answer = await client.ConvertAsync(file);

                Assert.True(
                    answer.Status is HttpStatusCode.OK or HttpStatusCode.UnsupportedMediaType or HttpStatusCode.UnprocessableEntity,
                    $"{format} {damage}: {answer.Status} {answer.Text} for {Convert.ToBase64String(file)}");
            }
        }
    }
}
