using System.Buffers.Binary;
using System.IO.Hashing;
using System.Net;
using ImageEditor.Converters.ContractTests.Driver;
using ImageEditor.Converters.ContractTests.Pictures;

namespace ImageEditor.Converters.ContractTests.Suite;

/// <summary>Files that break a rule of their format and lack no pixel: browsers show them, and converters read them.</summary>
public sealed class WholeFileTests(RunningConverters converters)
{
    /// <summary>Restart markers in <see cref="WithStrayBytes"/>: more than the hundred warnings that libvips bears by default.</summary>
    private const int Restarts = 150;

    [Theory]
    [MemberData(nameof(ConverterUnderTest.ReaderNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_WholeInAllButForm_IsConverted(string name)
    {
        var client = await converters.ClientAsync(name);
        var progressive = GeneratedImages.Gradient(48, 32).JpegsaveBuffer(interlace: true);
        var png = GeneratedImages.Small("png");
        var (plain, checksum) = (FieldFiles.Read("plain.jpg"), png.Length - 12 - 4);
        (string What, byte[] Right, byte[] Wrong)[] files =
        [
            ("JPEG without end marker", plain, FieldFiles.Read("no-eoi.jpg")),
            ("JPEG with half of its end marker", plain, plain[..^1]),
            ("progressive JPEG without end marker", progressive, progressive[..^2]),
            ("JPEG with stray bytes before its end marker", plain, [.. plain[..^2], 0x12, 0x34, 0xFF, 0xD9]),
            ("JPEG with stray bytes before restart markers", WithStrayBytes(0), WithStrayBytes(3)),
            ("JPEG with odd scan parameters", plain, WithOddScanParameters(plain)),
            ("JPEG with odd scan parameters and no end marker", plain, WithOddScanParameters(plain)[..^2]),
            ("PNG without end chunk", png, png[..^12]),
            ("PNG that ends before its last checksum", png, png[..checksum]),
            ("PNG with a wrong checksum of a text", png, WithTextOfWrongChecksum(png, atEnd: false)),
            ("PNG with a wrong checksum of a text at its end", png, WithTextOfWrongChecksum(png, atEnd: true)),
        ];
        foreach (var (what, right, wrong) in files)
        {
            var answer = await client.ConvertAsync(wrong, ConverterUnderTest.Named(name).IsPublic ? "format=png" : "");

            Assert.True(answer.Status == HttpStatusCode.OK, $"{what}: {answer.Text}");
            var expected = await client.ConvertedAsync(right, ConverterUnderTest.Named(name).IsPublic ? "format=png" : "");
            Assert.Equal(0, Pixels.Of(answer.Body).MeanDifference(Pixels.Of(expected)), 0.002);
        }
    }

    [Theory]
    [InlineData("flip-horizontal")]
    [InlineData("pixelate")]
    [InlineData("thumbnail")]
    public async Task Convert_TruncatedAnywhere_Is422(string name)
    {
        var client = await converters.ClientAsync(name);
        byte[][] files =
        [
            FieldFiles.Read("plain.jpg"),
            GeneratedImages.Gradient(48, 32).JpegsaveBuffer(interlace: true),
            GeneratedImages.Gradient(48, 32).JpegsaveBuffer(restartInterval: 1),
            GeneratedImages.Gradient(48, 32).PngsaveBuffer(compression: 0),
        ];
        foreach (var file in files)
        {
            // From a byte of the pixels themselves on, of which the last may be filling; further cuts towards the header.
            for (int length = file.Length - (file[0] == 0xFF ? 4 : 24), step = 1; length > 40; length -= step, step += 3)
            {
                var answer = await client.ConvertAsync(file[..length]);

                Assert.True(answer.Status == HttpStatusCode.UnprocessableEntity, $"{file.Length} bytes cut to {length}: {answer.Status}");
            }
        }
    }

    /// <summary>A JPEG of many restart intervals, with bytes that belong to nothing before each marker.</summary>
    private static byte[] WithStrayBytes(int bytes)
    {
        var file = GeneratedImages.Gradient(16 * (Restarts + 1), 16).JpegsaveBuffer(q: 90, restartInterval: 1);
        var stray = new List<byte>();
        for (var i = 0; i < file.Length; i++)
        {
            if (file[i] == 0xFF && i + 1 < file.Length && file[i + 1] is >= 0xD0 and <= 0xD7)
            {
                stray.AddRange(Enumerable.Repeat((byte)0x55, bytes));
            }

            stray.Add(file[i]);
        }

        Assert.True(bytes == 0 || stray.Count >= file.Length + (bytes * Restarts));
        return [.. stray];
    }

    /// <summary>The last three bytes of a baseline JPEG's scan header mean nothing there, and should be 0, 63 and 0.</summary>
    private static byte[] WithOddScanParameters(byte[] file)
    {
        var copy = (byte[])file.Clone();
        var scan = copy.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        var end = scan + 2 + BinaryPrimitives.ReadUInt16BigEndian(copy.AsSpan(scan + 2));
        (copy[end - 3], copy[end - 2], copy[end - 1]) = (1, 0, 0x11);
        return copy;
    }

    private static byte[] WithTextOfWrongChecksum(byte[] png, bool atEnd)
    {
        byte[] body = [.. "tEXtComment\0words"u8];
        var chunk = new byte[body.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(chunk, body.Length - 4);
        body.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(body.Length + 4), ~Crc32.HashToUInt32(body));
        var at = atEnd ? png.Length - 12 : 33;
        return [.. png[..at], .. chunk, .. png[at..]];
    }
}
