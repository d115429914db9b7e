using System.Reflection;

namespace ImageEditor.Tests.Models.Support;

/// <summary>Paths that the build recorded.</summary>
internal static class Paths
{
    /// <summary>The converted models.</summary>
    public static string Models { get; } = ReadMetadata("Models");

    public static string Repository { get; } = ReadMetadata("Repository");

    /// <summary>The npm packages that models were converted from.</summary>
    public static string Packages { get; } = Path.Combine(Repository, "eng", "models", "node_modules");

    /// <summary>The scripts that run references.</summary>
    public static string References { get; } = Path.Combine(Repository, "ImageEditor.Tests", "Models", "Reference");

    /// <summary>
    /// A photo of the folder <c>shared/photos</c> beside the repository, or one with people, which are in the repository.
    /// </summary>
    public static string Photo(string name)
    {
        var person = Path.Combine(Repository, "ImageEditor.Tests", "Quality", "Photos", name);
        if (File.Exists(person))
        {
            return person;
        }

        for (var folder = new DirectoryInfo(Repository); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "shared", "photos", name);
            if (File.Exists(file))
            {
                return file;
            }
        }

        throw new FileNotFoundException($"There is no photo {name} in a folder shared/photos beside the repository.");
    }

    private static string ReadMetadata(string key) =>
        typeof(Paths).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == key).Value!;
}
