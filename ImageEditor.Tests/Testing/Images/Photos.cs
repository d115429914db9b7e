namespace ImageEditor.Testing.Images;

/// <summary>
/// Photos: the shared ones, in the folder <c>shared/photos</c> beside the repository, and the repository's own, of people.
/// </summary>
public static class Photos
{
    /// <summary>The shared photo that ends too early.</summary>
    public const string Truncated = "truncated.jpg";

    /// <summary>The folder of the shared photos.</summary>
    public static string Folder { get; } = Find();

    /// <summary>The file names of all shared photos, the damaged one included.</summary>
    public static IEnumerable<string> Names => Directory.EnumerateFiles(Folder)
        .Select(file => Path.GetFileName(file))
        .Where(name => !name.EndsWith(".md", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    /// <summary>The file names of all shared photos but the damaged one.</summary>
    public static IEnumerable<string> Intact => Names.Where(name => name != Truncated);

    private static string People { get; } = Path.Combine(Repository.Root, "ImageEditor.Tests", "Testing", "Photos");

    /// <summary>The file of a shared photo.</summary>
    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Folder, name));

    /// <summary>The path of a photo, shared or of people.</summary>
    public static string PathOf(string name)
    {
        var person = Path.Combine(People, name);
        return File.Exists(person) ? person : Path.Combine(Folder, name);
    }

    private static string Find()
    {
        for (var folder = Path.GetDirectoryName(Repository.Root); folder is not null; folder = Path.GetDirectoryName(folder))
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
