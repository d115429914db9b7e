using System.Reflection;

namespace Aspire.Hosting;

/// <summary>Facts that the build recorded as metadata of an assembly (AppHost.props, ProjectOutputs.targets).</summary>
internal static class AssemblyFacts
{
    public static string? Find(Assembly assembly, string key) => All(assembly, key).FirstOrDefault();

    public static IEnumerable<string> All(Assembly assembly, string key) =>
        assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Where(fact => fact.Key == key).Select(fact => fact.Value ?? "");
}
