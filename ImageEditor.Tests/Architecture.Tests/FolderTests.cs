using ArchUnitNET.Fluent.Slices;
using ArchUnitNET.Loader;
using Assembly = System.Reflection.Assembly;

namespace ImageEditor.Architecture.Tests;

/// <summary>
/// Folders use each other in one direction: who reads one folder need not know those that use it. A folder is a namespace.
/// </summary>
public sealed class FolderTests
{
    public static TheoryData<string> Assemblies => [.. BuiltAssemblies.Names];

    [Fact]
    public void Assemblies_OfTheProduct_AreFound()
    {
        string[] known =
        [
            "AuthManager", "ConversionManager", "Converters.Sdk", "Gateway", "ImageEditor.AppHost", "ImageEditor.ServiceDefaults",
            "JobManager", "StorageManager", "WebFrontend",
        ];

        Assert.Subset(BuiltAssemblies.Names.ToHashSet(), known.ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Folders_OfAnAssembly_FormNoCircle(string assembly)
    {
        var circles = Circles(BuiltAssemblies.Load(assembly)).ToList();

        Assert.True(circles is [], string.Join('\n', circles));
    }

    [Fact]
    public void Circle_OfTwoFolders_IsFoundAndItsEdgesAreNamed()
    {
        var here = new ArchLoader().LoadNamespacesWithinAssembly(Assembly.GetExecutingAssembly(), typeof(Circle.Root).Namespace!).Build();

        var circle = Assert.Single(Circles(here));

        Assert.Contains($"{typeof(Circle.Left.Giver)} -> {typeof(Circle.Right.Taker)}", circle, StringComparison.Ordinal);
        Assert.Contains($"{typeof(Circle.Right.Taker)} -> {typeof(Circle.Left.Gift)}", circle, StringComparison.Ordinal);
    }

    [Fact]
    public void Circle_ThroughTheRoot_IsFound()
    {
        var here = new ArchLoader().LoadNamespacesWithinAssembly(Assembly.GetExecutingAssembly(), typeof(Circle.Root).Namespace!).Build();

        var circle = Assert.Single(Circles(here));

        Assert.Contains($"{typeof(Circle.Right.Taker)} -> {typeof(Circle.Root)}", circle, StringComparison.Ordinal);
        Assert.Contains($"{typeof(Circle.Root)} -> {typeof(Circle.Left.Giver)}", circle, StringComparison.Ordinal);
    }

    /// <returns>
    /// A description of each circle, with the types that use each other. The root of an assembly counts as a folder, too.
    /// </returns>
    private static IEnumerable<string> Circles(ArchUnitNET.Domain.Architecture architecture) =>
        SliceRuleDefinition.Slices().Matching("ImageEditor.(**)").Should().BeFreeOfCycles()
            .Evaluate(architecture)
            .Where(result => !result.Passed)
            .Select(result => result.Description);
}
