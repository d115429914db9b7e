using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using ImageEditor.Converters.ContractTests.Pictures;

namespace ImageEditor.Converters.ContractTests.Driver;

/// <summary>
/// A converter that the suite runs against, whatever it is written in: each project in the folder <c>converters</c> that is not a library.
/// What the suite must know of it beside its name is in the file <see cref="SettingsFile"/> beside the project; docs/converters.md lists
/// the settings.
/// </summary>
internal sealed record ConverterUnderTest
{
    /// <summary>The file of a converter that differs from the defaults here.</summary>
    public const string SettingsFile = "contract-tests.json";

    /// <summary>An environment variable that names a public converter: tests of every converter run for that one only.</summary>
    private const string OnlyVariable = "IMAGE_EDITOR_TEST_CONVERTER";

    /// <summary>What the keys of the build's record begin with: the assembly of a converter's project, and its project file.</summary>
    private const string OutputKey = "Converter:";
    private const string SourceKey = "ConverterSource:";

    private static readonly JsonSerializerOptions SettingsFormat = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    private static readonly IReadOnlyList<ConverterUnderTest> All =
        [.. ProjectNames.SelectMany(Find).OrderBy(converter => converter.Name, StringComparer.Ordinal)];

    /// <summary>What it must call itself; by default its project's name in lower case with hyphens.</summary>
    public string Name { get; init; } = "";

    /// <summary>The project that serves it.</summary>
    [JsonIgnore]
    public string Program { get; private init; } = "";

    /// <summary>What its routes begin with where the program serves several: its name and a slash.</summary>
    [JsonIgnore]
    public string Route { get; private init; } = "";

    /// <summary>In the file of a program that serves several: what differs from the defaults, by the converter's name.</summary>
    public IReadOnlyDictionary<string, ConverterUnderTest>? Converters { get; init; }

    /// <summary>
    /// How to start it. It listens at <c>ASPNETCORE_URLS</c>, or at <c>PORT</c> on the loopback interface, and takes as many requests at
    /// once as
    /// <c>Converter__ConcurrentRequests</c> says.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<string> Command { get; private init; } = [];

    /// <summary>Whether results have the input's colours, and so its profile.</summary>
    public bool KeepsColour { get; init; } = true;

    /// <summary>
    /// Whether clients may ask for it. An internal converter decides itself what its results are like, so only the tests of
    /// <see cref="AllNames"/> hold for it.
    /// </summary>
    public bool IsPublic { get; init; } = true;

    /// <summary>The media types that it reads; null for the usual ones, which the tests of <see cref="ReaderNames"/> hand in.</summary>
    public IReadOnlyList<string>? Reads { get; init; }

    /// <summary>The values of its parameter <c>format</c>; null for the usual ones.</summary>
    public IReadOnlyList<string>? Formats { get; init; }

    /// <summary>The media type of every result; null when it is the input's, or what was asked for.</summary>
    public string? ResultType { get; init; }

    /// <summary>How many times as wide and high as the input the result is.</summary>
    public int Scale { get; init; } = 1;

    /// <summary>The most pixels of an input whose size does not matter, for a converter that takes long for each pixel.</summary>
    public int MaxPixels { get; init; } = int.MaxValue;

    /// <summary>
    /// Parameters, without the question mark, of every conversion: without them it refuses pictures that do not show what it is for.
    /// </summary>
    public string Parameters { get; init; } = "";

    /// <summary>Parameters, without the question mark, that make a slow converter do little where it does not matter how much.</summary>
    public string QuickParameters { get; init; } = "";

    /// <summary>Parameters, without the question mark, with which a quick converter has most to do for each pixel.</summary>
    public string CostlyParameters { get; init; } = "";

    /// <summary>
    /// What roundings of the input (of a JPEG decoder, of a palette) may grow to: a mean difference, as a part of the largest value.
    /// </summary>
    public double RoundingTolerance { get; init; } = 0.01;

    /// <summary>Pixels of a picture whose conversion takes seconds.</summary>
    public int SlowPixels { get; init; } = 16_000_000;

    /// <summary>What a JPEG becomes where no format is asked for.</summary>
    public string JpegResultType { get; init; } = "image/jpeg";

    /// <summary>Whether light becomes dark, and each colour its opposite.</summary>
    public bool IsNegative { get; init; }

    /// <summary>Whether some parameters make results transparent where the input is not; where all do, a JPEG becomes a PNG.</summary>
    public bool AddsAlpha { get; init; }

    /// <summary>Pixels, the longest side of a picture whose result is still within limits.</summary>
    [JsonIgnore]
    public int MaxSide => 16_383 / Scale;

    /// <summary>Names of the public converters, for theories.</summary>
    public static TheoryData<string> PublicNames => [.. Chosen.Where(converter => converter.IsPublic).Select(converter => converter.Name)];

    /// <summary>Names of the public converters that take the largest pictures within the time of a test.</summary>
    public static TheoryData<string> QuickNames =>
    [
        .. Chosen.Where(converter => converter.IsPublic && converter.MaxPixels == int.MaxValue && converter.QuickParameters.Length == 0)
            .Select(converter => converter.Name),
    ];

    /// <summary>All names, for theories that hold for internal converters as well.</summary>
    public static TheoryData<string> AllNames => [.. Chosen.Select(converter => converter.Name)];

    /// <summary>Names of those that read the usual formats, internal ones too.</summary>
    public static TheoryData<string> ReaderNames =>
        [.. Chosen.Where(converter => converter.Reads is null).Select(converter => converter.Name)];

    private static IEnumerable<ConverterUnderTest> Chosen => Environment.GetEnvironmentVariable(OnlyVariable) is { Length: > 0 } only
        ? [All.SingleOrDefault(converter => converter.Name == only) ?? throw new InvalidOperationException(
            $"{OnlyVariable} is '{only}', and there is none but {string.Join(", ", All.Select(converter => converter.Name))}.")]
        : All;

    /// <summary>The projects that this suite was built with.</summary>
    public static IEnumerable<string> ProjectNames => Metadata
        .Where(metadata => metadata.Key.StartsWith(OutputKey, StringComparison.Ordinal))
        .Select(metadata => metadata.Key[OutputKey.Length..]);

    private static IEnumerable<AssemblyMetadataAttribute> Metadata =>
        typeof(ConverterUnderTest).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>();

    /// <summary>A small picture that it reads: a PNG where it can be one.</summary>
    [JsonIgnore]
    public byte[] SmallPicture => Reads is null ? GeneratedImages.Small("png") : HandmadeHeic.Small;

    /// <summary>A shared photo as it is, or shrunk to <see cref="MaxPixels"/>.</summary>
    public byte[] Shrink(string photo) => GeneratedImages.Shrunk(photo, MaxPixels);

    public static ConverterUnderTest Named(string name) => All.Single(converter => converter.Name == name);

    /// <summary>The folder of a converter's sources.</summary>
    public static string FolderOf(string project) => Path.GetDirectoryName(ReadMetadata(SourceKey + project))!;

    /// <summary>Programs that serve several converters, and the names of those.</summary>
    public static TheoryData<string, string[]> SharedPrograms =>
        [.. from converter in All
            where converter.Route.Length > 0
            group converter.Name by converter.Program into program
            select new TheoryDataRow<string, string[]>(program.Key, [.. program])];

    private static IEnumerable<ConverterUnderTest> Find(string project)
    {
        var folder = FolderOf(project);
        var settingsFile = Path.Combine(folder, SettingsFile);
        var settings = File.Exists(settingsFile)
            ? JsonSerializer.Deserialize<ConverterUnderTest>(File.ReadAllBytes(settingsFile), SettingsFormat)!
            : new ConverterUnderTest();
        IReadOnlyList<string> command =
            File.Exists(Path.Combine(folder, "package.json")) ? ["node", folder] : ["dotnet", ReadMetadata(OutputKey + project)];
        var name = settings.Name.Length > 0 ? settings.Name : JsonNamingPolicy.KebabCaseLower.ConvertName(project);
        return settings.Converters is { } several
            ? several.Select(each => each.Value with { Name = each.Key, Program = project, Route = each.Key + "/", Command = command })
            : [settings with { Name = name, Program = project, Command = command }];
    }

    private static string ReadMetadata(string key) => Metadata.Single(metadata => metadata.Key == key).Value!;
}
