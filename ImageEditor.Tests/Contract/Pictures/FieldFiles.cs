using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace ImageEditor.Tests.Contract.Pictures;

/// <summary>Files that show faults of real software, in the folder <c>shared/field</c> beside the repository.</summary>
internal static class FieldFiles
{
    private static readonly string Folder = Find();

    /// <summary>Reads a file; one whose name ends in .gz is unpacked.</summary>
    public static byte[] Read(string name)
    {
        using var file = File.OpenRead(Path.Combine(Folder, name));
        using Stream unpacked = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var bytes = new MemoryStream();
        unpacked.CopyTo(bytes);
        return bytes.ToArray();
    }

    // From this source file, not from the built assembly: build output may lie anywhere.
    private static string Find([CallerFilePath] string source = "")
    {
        for (var folder = Path.GetDirectoryName(source); folder is not null; folder = Path.GetDirectoryName(folder))
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
