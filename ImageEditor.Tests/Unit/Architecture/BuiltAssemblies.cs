using System.Reflection;
using ArchUnitNET.Loader;

namespace ImageEditor.Tests.Unit.Architecture;

/// <summary>The assemblies of the product: of every project with C# outside the tests, in the configuration of this build.</summary>
internal static class BuiltAssemblies
{
    private static readonly string[] Folders = ["services", "converters", "ImageEditor.AppHost", "ImageEditor.ServiceDefaults"];

    private static readonly string Repository = typeof(BuiltAssemblies).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "RepositoryRoot").Value!;

    /// <summary>The names of their projects.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. from folder in Folders
           from project in new DirectoryInfo(Path.Combine(Repository, folder)).EnumerateFiles("*.csproj", SearchOption.AllDirectories)
           where project.Directory!.EnumerateFiles("*.cs", SearchOption.AllDirectories).Any()
           orderby project.Name
           select Path.GetFileNameWithoutExtension(project.Name),
    ];

    /// <exception cref="FileNotFoundException">The project was not built: build the solution first.</exception>
    public static ArchUnitNET.Domain.Architecture Load(string name)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var folder = Path.Combine(own.Parent!.Parent!.FullName, name, own.Name);
        return File.Exists(Path.Combine(folder, name + ".dll"))
            ? new ArchLoader().LoadFilteredDirectory(folder, name + ".dll").Build()
            : throw new FileNotFoundException($"{name}.dll is not in {folder}: build the solution first.");
    }
}
