namespace ImageEditor.ConversionManager.Converters;

/// <summary>The converters of this installation: configuration section <c>Converters</c>, name to address.</summary>
internal sealed class ConverterCatalog(IEnumerable<Converter> converters)
{
    /// <summary>The name of the HTTP client that calls converters.</summary>
    public const string HttpClientName = "converters";

    private const string Section = "Converters";

    private readonly Dictionary<string, Converter> _converters = converters.ToDictionary(converter => converter.Name);

    public IReadOnlyCollection<Converter> All => _converters.Values;

    /// <exception cref="InvalidOperationException">An address is not one.</exception>
    public static ConverterCatalog FromConfiguration(IConfiguration configuration) =>
        new(configuration.GetSection(Section).GetChildren().Select(entry =>
            Uri.TryCreate(entry.Value, UriKind.Absolute, out var address)
                ? new Converter(entry.Key, WithSlash(address))
                : throw new InvalidOperationException(
                    $"The setting '{entry.Path}' must be the converter's address, such as http://{entry.Key}; it is '{entry.Value}'.")));

    /// <summary>An address with a path gets a slash at its end, so that the calls are below the path.</summary>
    private static Uri WithSlash(Uri address) => address.AbsolutePath.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");

    public Converter? Find(string name) => _converters.GetValueOrDefault(name);
}
