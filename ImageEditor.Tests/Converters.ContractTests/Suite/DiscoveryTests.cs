using ImageEditor.Converters.ContractTests.Driver;

namespace ImageEditor.Converters.ContractTests.Suite;

/// <summary>The suite finds the converters by itself: none may be missing.</summary>
public sealed class DiscoveryTests
{
    private const string LibraryPrefix = "Converters.";

    [Fact]
    public void ProjectNames_OfTheSuite_AreAllConvertersOfTheRepository()
    {
        var converters = Path.GetDirectoryName(ConverterUnderTest.FolderOf("Contrast"))!;

        var projects = Directory.EnumerateDirectories(converters)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj"))
            .Select(project => Path.GetFileNameWithoutExtension(project))
            .Where(name => !name.StartsWith(LibraryPrefix, StringComparison.Ordinal));

        Assert.Equal(projects.Order(StringComparer.Ordinal), ConverterUnderTest.ProjectNames.Order(StringComparer.Ordinal));
    }
}
