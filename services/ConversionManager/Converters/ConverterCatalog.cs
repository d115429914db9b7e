namespace ImageEditor.ConversionManager.Converters;

/// <summary>The converters of this installation: configuration section <c>Converters</c>, name to address.</summary>
internal sealed class ConverterCatalog
{
    /// <summary>The name of the HTTP client that calls converters.</summary>
    public const string HttpClientName = "converters";

    private const string Section = "Converters";

    private readonly Dictionary<string, Converter> _converters;
    private readonly Dictionary<Converter, ConverterProgram> _programs;

    public ConverterCatalog(IEnumerable<Converter> converters)
    {
        _converters = converters.ToDictionary(converter => converter.Name);
        Programs =
        [
            .. _converters.Values
                .GroupBy(converter => converter.Address.GetLeftPart(UriPartial.Authority))
                .Select(program => new ConverterProgram(program.Key, [.. program])),
        ];
        _programs = Programs
            .SelectMany(program => program.Converters, KeyValuePair.Create)
            .ToDictionary(pair => pair.Value, pair => pair.Key);
    }

    public IReadOnlyCollection<Converter> All => _converters.Values;

    /// <summary>The programs that serve them: converters whose addresses differ in nothing but their paths share one.</summary>
    public IReadOnlyList<ConverterProgram> Programs { get; }

    /// <summary>The program that serves a converter.</summary>
    public ConverterProgram ProgramOf(Converter converter) => _programs[converter];

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
