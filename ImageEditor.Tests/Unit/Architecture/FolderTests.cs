using ArchUnitNET.Domain;
using ArchUnitNET.Fluent.Slices;
using ArchUnitNET.Loader;
using Assembly = System.Reflection.Assembly;

namespace ImageEditor.Tests.Unit.Architecture;

/// <summary>Folders use each other in one direction: who reads one folder need not know those that use it. A folder is a namespace.</summary>
public sealed class FolderTests
{
    private const string Product = "ImageEditor";

    public static TheoryData<string> Assemblies => [.. BuiltAssemblies.Names];

    [Fact]
    public void Assemblies_OfTheProduct_AreFound()
    {
        string[] known = ["AuthManager", "ConversionManager", "Converters.Sdk", "Gateway", "ImageEditor.AppHost", "ImageEditor.ServiceDefaults", "JobManager", "StorageManager", "WebFrontend"];

        Assert.Subset(BuiltAssemblies.Names.ToHashSet(), known.ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Folders_OfAnAssembly_FormNoCircle(string assembly) =>
        Assert.Empty(Circles(BuiltAssemblies.Load(assembly)));

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Folders_OfAnAssembly_UseNothingOfItsRoot(string assembly) =>
        Assert.Empty(UsesOfRoot(BuiltAssemblies.Load(assembly)));

    [Fact]
    public void Circle_OfTwoFolders_IsFoundAndItsEdgesAreNamed()
    {
        var here = new ArchLoader().LoadNamespacesWithinAssembly(Assembly.GetExecutingAssembly(), typeof(Circle.Root).Namespace!).Build();

        var circle = Assert.Single(Circles(here));

        Assert.Contains($"{typeof(Circle.Left.Giver)} -> {typeof(Circle.Right.Taker)}", circle, StringComparison.Ordinal);
        Assert.Contains($"{typeof(Circle.Right.Taker)} -> {typeof(Circle.Left.Gift)}", circle, StringComparison.Ordinal);
    }

    [Fact]
    public void UseOfTheRoot_ByAFolder_IsFoundAndNamed()
    {
        var here = new ArchLoader().LoadNamespacesWithinAssembly(Assembly.GetExecutingAssembly(), typeof(Circle.Root).Namespace!).Build();

        Assert.Equal([$"{typeof(Circle.Right.Taker)} -> {typeof(Circle.Root)}"], UsesOfRoot(here));
    }

    /// <returns>A description of each circle, with the types that use each other.</returns>
    private static IEnumerable<string> Circles(ArchUnitNET.Domain.Architecture architecture) =>
        SliceRuleDefinition.Slices().Matching(Root(architecture) + ".(**)").Should().BeFreeOfCycles()
            .Evaluate(architecture)
            .Where(result => !result.Passed)
            .Select(result => result.Description);

    private static IEnumerable<string> UsesOfRoot(ArchUnitNET.Domain.Architecture architecture)
    {
        var root = Root(architecture);
        return (
            from type in OwnTypes(architecture)
            where type.Namespace.FullName != root
            from dependency in type.Dependencies
            where dependency.Target.Namespace.FullName == root
            select $"{type.FullName} -> {dependency.Target.FullName}").Distinct().Order();
    }

    /// <summary>The namespace that all others of an assembly are below.</summary>
    private static string Root(ArchUnitNET.Domain.Architecture architecture)
    {
        var names = OwnTypes(architecture).Select(type => type.Namespace.FullName.Split('.')).ToList();
        var first = names.FirstOrDefault([Product]);
        return string.Join('.', first.TakeWhile((part, i) => names.All(name => name.ElementAtOrDefault(i) == part)));
    }

    private static IEnumerable<IType> OwnTypes(ArchUnitNET.Domain.Architecture architecture) =>
        architecture.Types.Where(type => type.Namespace.FullName.StartsWith(Product, StringComparison.Ordinal));
}
