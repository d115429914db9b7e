using System.Reflection;

namespace Aspire.Hosting.Processes;

/// <summary>Finds what a project was built to.</summary>
internal static class ProjectOutputs
{
    private const string Fact = "HostedProject";

    /// <summary>The assembly that the project was built to.</summary>
    /// <remarks>
    /// Any assembly of this process may have recorded it (ProjectOutputs.targets). For a project that none refers to, the outputs beside
    /// a recorded one, or beside this process's own, are looked at: <c>bin/{project}/{configuration}/</c>.
    /// </remarks>
    /// <exception cref="DistributedApplicationException">The project is not built.</exception>
    public static string Find(string projectPath)
    {
        var recorded = AppDomain.CurrentDomain.GetAssemblies()
            .Where(assembly => !assembly.IsDynamic)
            .SelectMany(assembly => AssemblyFacts.All(assembly, Fact))
            .Select(fact => fact.Split('|', 2))
            .ToList();
        var candidates = recorded
            .Where(fact => Path.GetFullPath(fact[0]) == projectPath)
            .Select(fact => fact[1])
            .Concat(recorded.Select(fact => Path.GetDirectoryName(fact[1])!).Append(AppContext.BaseDirectory).Select(folder => Beside(folder, projectPath)))
            .ToList();
        return candidates.FirstOrDefault(File.Exists) ?? throw new DistributedApplicationException(
            $"The project '{projectPath}' is not built: looked for {string.Join(", ", candidates.Distinct())}.");
    }

    /// <summary>The assembly that a project was built to which this very assembly recorded, by the project's name.</summary>
    public static string FindOf(Assembly recorder, string project) =>
        AssemblyFacts.All(recorder, Fact).Select(fact => fact.Split('|', 2)[1]).First(output => Path.GetFileNameWithoutExtension(output) == project);

    private static string Beside(string outputFolder, string projectPath)
    {
        var folder = new DirectoryInfo(Path.TrimEndingDirectorySeparator(outputFolder));
        var project = Path.GetFileNameWithoutExtension(projectPath);
        return Path.Combine(folder.Parent?.Parent?.FullName ?? folder.FullName, project, folder.Name, $"{project}.dll");
    }
}
