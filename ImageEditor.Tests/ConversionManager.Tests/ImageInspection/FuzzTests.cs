using System.Diagnostics;
using FsCheck;
using FsCheck.Xunit;
using ImageEditor.ConversionManager.ImageInspection;
using ImageEditor.ConversionManager.ImageInspection.Containers;
using NetVips;

namespace ImageEditor.ConversionManager.Tests.ImageInspection;

public class FuzzTests
{
    private const int Seed = 20261122;
    private const int MutationsPerFile = 2_000;

    // libvips warns about most mutants.
    static FuzzTests() => Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning, (_, _, _) => { });

    private static readonly byte[][] Magics =
    [
        [],
        [0xFF, 0xD8, 0xFF],
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, .. "IHDR"u8],
        [.. "RIFF"u8, 0xFF, 0, 0, 0, .. "WEBPVP8X"u8],
        [.. "GIF89a"u8],
        [0, 0, 0, 16, .. "ftypavif"u8, 0, 0, 0, 0, 0, 0, 0, 99, .. "meta"u8],
        [.. "II*\0"u8, 8, 0, 0, 0],
        [.. "MM\0*"u8, 0, 0, 0, 8],
        [.. "II+\0"u8, 8, 0, 0, 0],
    ];

    public static TheoryData<string> AllFiles => new(SmallFiles.Names);

    [Property(MaxTest = 2_000)]
    public void Inspect_AnyBytes_AnswersSensibly(byte[] bytes)
    {
        foreach (var magic in Magics)
        {
            AssertSensible([.. magic, .. bytes]);
        }
    }

    [Theory]
    [MemberData(nameof(AllFiles))]
    public void Inspect_MutatedFile_AnswersSensibly(string name)
    {
        foreach (var mutant in Mutants(name, MutationsPerFile))
        {
            AssertSensible(mutant);
        }
    }

    /// <summary>The limits would be worth nothing if a file could tell the inspector less than it tells the decoder.</summary>
    [Theory]
    [MemberData(nameof(AllFiles))]
    public void Inspect_MutatedFile_NeverSaysLessThanLibvips(string name)
    {
        foreach (var mutant in Mutants(name, MutationsPerFile / 4))
        {
            var info = ImageInspector.Inspect(mutant).Info;
            if (info is not null && !HasThumbnails(mutant) && SizeByLibvips(mutant) is var (width, height, pages))
            {
                Assert.True(
                    info.Width >= width && info.Height >= height
                    && info.Frames >= pages && info.TotalPixels >= (long)width * height * pages,
                    $"{info} but libvips has {width} × {height} × {pages}: {Convert.ToHexString(mutant)}");
            }
        }
    }

    private static void AssertSensible(byte[] bytes)
    {
        var start = Stopwatch.GetTimestamp();
        var inspection = ImageInspector.Inspect(bytes);
        var whole = ImageInspector.InspectComplete(bytes);

        Assert.True(inspection.Info is null != inspection.Refusal is null);
        Assert.True(inspection.IsAccepted || !whole.IsAccepted, "What is whole is readable.");
        if (inspection.Info is { } info)
        {
            Assert.True(info is { Width: > 0, Height: > 0, Frames: > 0 }, info.ToString());
            Assert.True(info.TotalPixels >= Math.Max(info.Width, info.Height), info.ToString());
        }

        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(2), Convert.ToHexString(bytes));
    }

    /// <summary>Changes a few bytes, more often near the start; sometimes cuts a piece out or repeats it.</summary>
    private static IEnumerable<byte[]> Mutants(string name, int count)
    {
        var random = new Random(Seed);
        var original = SmallFiles.Read(name);
        for (var i = 0; i < count; i++)
        {
            var mutant = original.ToList();
            for (var changes = random.Next(1, 6); changes > 0; changes--)
            {
                var at = random.Next(1 + random.Next(mutant.Count));
                var length = Math.Min(random.Next(1, 32), mutant.Count - at);
                switch (random.Next(8))
                {
                    case 0 when mutant.Count > length:
                        mutant.RemoveRange(at, length);
                        break;
                    case 1:
                        mutant.InsertRange(at, mutant.GetRange(at, length));
                        break;
                    case 2:
                        mutant[at] = (byte)(random.Next(2) * 255);
                        break;
                    case 3:
                        mutant[at] ^= (byte)(1 << random.Next(8));
                        break;
                    default:
                        mutant[at] = (byte)random.Next(256);
                        break;
                }
            }

            yield return [.. mutant];
        }
    }

    private static (int Width, int Height, int Pages)? SizeByLibvips(byte[] bytes)
    {
        try
        {
            using var image = Image.NewFromBuffer(bytes, kwargs: HasPages(bytes) ? new VOption { ["n"] = -1 } : null);
            return (image.Width, image.PageHeight, image.Height / image.PageHeight);
        }
        catch (VipsException)
        {
            // libvips does not read it either, which is as good.
            return null;
        }
    }

    /// <summary>Whether a TIFF has pages that converters leave out before libvips sees them.</summary>
    private static bool HasThumbnails(byte[] bytes)
    {
        if (ImageInspector.FormatOf(bytes) is not ImageFormat.Tiff)
        {
            return false;
        }

        var file = new TiffFile(bytes);
        var pages = 0;
        for (file.TryReadHeader(out var offset); offset != 0 && pages < 10; pages++)
        {
            if (!file.TryReadDirectory(offset, out var entries, out offset))
            {
                return false;
            }

            for (; entries.Length >= file.EntryBytes; entries = entries[file.EntryBytes..])
            {
                var (tag, value) = (file.Number(entries[..2]), file.ReadSingle(entries[..file.EntryBytes]));
                if ((tag == 254 && (value & 1) != 0) || (tag == 255 && value == 2))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool HasPages(byte[] bytes) =>
        ImageInspector.FormatOf(bytes) is ImageFormat.Gif or ImageFormat.Webp or ImageFormat.Tiff or ImageFormat.Avif;
}
