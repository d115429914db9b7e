using System.Runtime.CompilerServices;

namespace ImageEditor.Tests.Contract.Pictures;

/// <summary>The shared photos, read where they are: in the folder <c>shared/photos</c> beside the repository.</summary>
internal static class Photos
{
    private static readonly string Folder = Find();

    /// <summary>All pictures but the damaged one.</summary>
    public static IEnumerable<string> Intact => Directory.EnumerateFiles(Folder)
        .Select(file => Path.GetFileName(file))
        .Where(name => !name.EndsWith(".md", StringComparison.Ordinal) && name != Truncated)
        .Order(StringComparer.Ordinal);

    public static string Truncated => "truncated.jpg";

    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Folder, name));

    // From this source file, not from the built assembly: build output may lie anywhere.
    private static string Find([CallerFilePath] string source = "")
    {
        for (var folder = Path.GetDirectoryName(source); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var photos = Path.Combine(folder, "shared", "photos");
            if (Directory.Exists(photos))
            {
                return photos;
            }
        }

        throw new DirectoryNotFoundException("There is no folder shared/photos beside the repository.");
    }
}
