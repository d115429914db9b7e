using System.Reflection;

namespace ImageEditor.Converters.Tests.Support;

/// <summary>Paths that the build recorded.</summary>
internal static class Paths
{
    /// <summary>The converted models.</summary>
    public static string Models { get; } = ReadMetadata("Models");

    /// <summary>The npm packages that models were converted from.</summary>
    public static string Packages { get; } = Path.Combine(Repository.Root, "eng", "models", "node_modules");

    /// <summary>The scripts that run references.</summary>
    public static string References { get; } = Path.Combine(Repository.Root, "ImageEditor.Tests", "Converters.Tests", "Reference");

    private static string ReadMetadata(string key) =>
        typeof(Paths).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == key).Value!;
}
