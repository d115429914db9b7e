using System.Reflection;
using ArchUnitNET.Loader;

namespace ImageEditor.Architecture.Tests;

/// <summary>The assemblies of the product: of every project with C# outside the tests, in the configuration of this build.</summary>
internal static class BuiltAssemblies
{
    private static readonly string[] Folders = ["services", "converters", "ImageEditor.AppHost", "ImageEditor.ServiceDefaults"];

    /// <summary>The names of their projects.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. from folder in Folders
           from project in new DirectoryInfo(Path.Combine(Repository.Root, folder)).EnumerateFiles("*.csproj", SearchOption.AllDirectories)
           where project.Directory!.EnumerateFiles("*.cs", SearchOption.AllDirectories).Any()
           orderby project.Name
           select Path.GetFileNameWithoutExtension(project.Name),
    ];

    /// <summary>Reads which types an assembly has, and which of them use which.</summary>
    /// <exception cref="FileNotFoundException">The project was not built: build the solution first.</exception>
    public static ArchUnitNET.Domain.Architecture Load(string name) =>
        new ArchLoader().LoadFilteredDirectory(Path.GetDirectoryName(PathOf(name))!, name + ".dll").Build();

    /// <summary>Loads an assembly into this process.</summary>
    /// <exception cref="FileNotFoundException">The project was not built: build the solution first.</exception>
    public static Assembly LoadForReflection(string name) => Assembly.LoadFrom(PathOf(name));

    /// <summary>Reads a file of the repository.</summary>
    public static string ReadDocument(string path) => File.ReadAllText(Path.Combine(Repository.Root, path));

    private static string PathOf(string name)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var path = Path.Combine(own.Parent!.Parent!.FullName, name, own.Name, name + ".dll");
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is not there: build the solution first.");
    }
}
