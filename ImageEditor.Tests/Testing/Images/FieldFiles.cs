using System.IO.Compression;

namespace ImageEditor.Testing.Images;

/// <summary>Files that show faults of real software, in the folder <c>shared/field</c> beside the repository.</summary>
public static class FieldFiles
{
    private static readonly string Folder = Find();

    /// <summary>The names of all of them.</summary>
    public static IEnumerable<string> Names => Directory.EnumerateFiles(Folder)
        .Select(path => Path.GetFileName(path))
        .Where(name => !name.EndsWith(".md", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    /// <summary>Reads a file; one whose name ends in .gz is unpacked.</summary>
    public static byte[] Read(string name)
    {
        using var file = File.OpenRead(Path.Combine(Folder, name));
        using Stream unpacked = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var bytes = new MemoryStream();
        unpacked.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static string Find()
    {
        for (var folder = Path.GetDirectoryName(Repository.Root); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var files = Path.Combine(folder, "shared", "field");
            if (Directory.Exists(files))
            {
                return files;
            }
        }

        throw new DirectoryNotFoundException("There is no folder shared/field beside the repository.");
    }
}
