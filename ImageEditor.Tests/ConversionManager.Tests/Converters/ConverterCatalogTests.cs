using ImageEditor.ConversionManager.Converters;
using Microsoft.Extensions.Configuration;

namespace ImageEditor.ConversionManager.Tests.Converters;

public sealed class ConverterCatalogTests
{
    /// <summary>A program's only converter is at its root; several are each below a path.</summary>
    [Theory]
    [InlineData("http://contrast", "http://contrast/convert")]
    [InlineData("http://contrast/", "http://contrast/convert")]
    [InlineData("http://geometry/crop", "http://geometry/crop/convert")]
    [InlineData("http://geometry/crop/", "http://geometry/crop/convert")]
    public void FromConfiguration_Address_IsWhatItsCallsAreBelow(string address, string call)
    {
        var catalog = ConverterCatalog.FromConfiguration(Configured(address));

        Assert.Equal(call, new Uri(catalog.Find("one")!.Address, "convert").AbsoluteUri);
    }

    [Fact]
    public void FromConfiguration_NoAddress_NamesTheSetting()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => ConverterCatalog.FromConfiguration(Configured("geometry/crop")));

        Assert.Contains("Converters:one", exception.Message, StringComparison.Ordinal);
    }

    private static IConfiguration Configured(string address) =>
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Converters:one"] = address }).Build();
}
