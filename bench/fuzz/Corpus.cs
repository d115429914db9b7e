using System.Reflection;
using System.Security.Cryptography;
using ImageEditor.ConversionManager.Tests.ImageInspection;
using ImageEditor.Converters.ContractTests.Pictures;
using NetVips;

namespace ImageEditor.Bench.Fuzz;

/// <summary>What mutations are made of: shared photos, files of the field, and those of the tests, of at most 256 × 256 pixels.</summary>
internal static class Corpus
{
    private const int MaxSide = 256;

    public static string RepositoryRoot { get; } = typeof(Corpus).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == nameof(RepositoryRoot)).Value!;

    public static IReadOnlyList<(string Name, byte[] File)> Create(string target) => target switch
    {
        "heic" => [.. Heic()],
        "inspector" => [.. Usual(), .. Heic()],
        _ => Usual(),
    };

    private static IEnumerable<(string Name, byte[] File)> Heic() =>
    [
        .. HandmadeHeic.Encoded.Concat(HandmadeHeic.Files).Select(file => ($"{file.Key}.heic", file.Value())),
        .. HandmadeHeic.Bombs.Select(bomb => ($"{bomb.Key}.heic", bomb.Value.File())),
    ];

    private static IReadOnlyList<(string Name, byte[] File)> Usual()
    {
        var shared = Path.Combine(RepositoryRoot, "..", "shared");
        return
        [
            .. Files(Path.Combine(shared, "photos")).Select(path => (Path.GetFileName(path), Shrunk(path))),
            .. Files(Path.Combine(shared, "field"))
                .Where(path => !path.EndsWith(".gz", StringComparison.Ordinal))
                .Select(path => (Path.GetFileName(path), File.ReadAllBytes(path))),
            .. SmallFiles.Names.Select(name => (name, SmallFiles.Read(name))),
            .. HandmadeAvif.Files.Concat(HandmadeAvif.Bombs).Select(file => ($"{file.Key}.avif", file.Value())),
            ("pages and thumbnails.tif", HandmadeTiff.File(Page(), Page(more: (254, [1])), Page())),
            ("inks and alpha.tif", HandmadeTiff.File(new HandmadeTiff.Page(5, 8, 5, new byte[960], Extra: [0]))),
            ("lab.tif", HandmadeTiff.File(new HandmadeTiff.Page(8, 16, 3, new byte[1152]))),
        ];
    }

    /// <summary>What a run was made with, for who repeats it.</summary>
    public static string Describe(IReadOnlyList<(string Name, byte[] File)> corpus) =>
        $"{corpus.Count} files, {corpus.Sum(seed => seed.File.Length):N0} bytes, SHA-256 "
        + Convert.ToHexStringLower(SHA256.HashData([.. corpus.SelectMany(seed => seed.File)]))[..16];

    private static HandmadeTiff.Page Page(params (int Tag, int[] Values)[] more) => new(2, 8, 3, HandmadeTiff.Rgb(), More: more);

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder)
        .Where(path => !path.EndsWith(".md", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    /// <summary>In its format, with its profile, its depth and its metadata.</summary>
    private static byte[] Shrunk(string path)
    {
        var file = File.ReadAllBytes(path);
        if (path.EndsWith("truncated.jpg", StringComparison.Ordinal))
        {
            return file;
        }

        using var image = Image.NewFromBuffer(file);
        if (Math.Max(image.Width, image.Height) <= MaxSide)
        {
            return file;
        }

        using var memory = image.CopyMemory();
        using var small = memory.Resize((double)MaxSide / Math.Max(image.Width, image.Height));
        return Path.GetExtension(path) switch
        {
            ".jpg" => small.JpegsaveBuffer(interlace: path.Contains("progr", StringComparison.Ordinal)),
            ".webp" => small.WebpsaveBuffer(),
            _ => small.PngsaveBuffer(),
        };
    }
}
