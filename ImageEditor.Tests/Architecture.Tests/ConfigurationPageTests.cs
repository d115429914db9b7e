using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace ImageEditor.Architecture.Tests;

/// <summary><c>docs/configuration.md</c> lists every setting that an options class has, with its default.</summary>
public sealed partial class ConfigurationPageTests
{
    private const string SectionField = "Section";

    [Fact]
    public void Page_ListsEverySetting_WithItsDefault()
    {
        var page = BuiltAssemblies.ReadDocument("docs/configuration.md");
        var listed = SettingsTable().Matches(page)
            .SelectMany(table => Row().Matches(table.Value))
            .Select(row => (Key: row.Groups["key"].Value, Default: row.Groups["default"].Value))
            .ToList();
        var inCode = BuiltAssemblies.Names.SelectMany(name => Settings(BuiltAssemblies.LoadForReflection(name))).ToList();

        Assert.NotEmpty(inCode);
        var differences = Differences(inCode, listed);
        Assert.True(differences is [], string.Join('\n', differences));
    }

    [Fact]
    public void Differences_OfPageAndCode_NameTheSettings()
    {
        (string, string?)[] inCode = [("A:Missing", "1"), ("A:Same", "2"), ("A:Other", "3"), ("A:OfTheMachine", null)];
        (string, string)[] listed = [("A:Same", "2"), ("A:Other", "4"), ("A:OfTheMachine", ""), ("A:Superfluous", "5"), ("A:Same", "2")];

        Assert.Equal(
            [
                "A:Missing is not on the page; its default is `1`.",
                "A:Superfluous is on the page, and no options class has it.",
                "A:Same is on the page more than once.",
                "A:Other has the default `3`, and on the page `4`.",
            ],
            Differences(inCode, listed));
    }

    /// <returns>A sentence for each setting that the page lacks, has too much, more than once, or with another default.</returns>
    private static IReadOnlyList<string> Differences(
        IReadOnlyList<(string Key, string? Default)> inCode, IReadOnlyList<(string Key, string Default)> listed) =>
    [
        .. inCode.ExceptBy(listed.Select(setting => setting.Key), setting => setting.Key)
            .Select(
                setting => $"{setting.Key} is not on the page{(setting.Default is null ? "" : $"; its default is `{setting.Default}`")}."),
        .. listed.ExceptBy(inCode.Select(setting => setting.Key), setting => setting.Key)
            .Select(setting => $"{setting.Key} is on the page, and no options class has it."),
        .. listed.CountBy(setting => setting.Key).Where(setting => setting.Value > 1)
            .Select(setting => $"{setting.Key} is on the page more than once."),
        .. from setting in inCode
           from row in listed
           where row.Key == setting.Key && setting.Default is not null && row.Default != setting.Default
           select $"{setting.Key} has the default `{setting.Default}`, and on the page `{row.Default}`.",
    ];

    /// <returns>
    /// The keys of all options classes in an assembly; a default is null when it depends on the machine or is no single value.
    /// </returns>
    private static IEnumerable<(string Key, string? Default)> Settings(Assembly assembly) =>
        from type in Types(assembly)
        where type.Name.EndsWith("Options", StringComparison.Ordinal)
        let section = type.GetField(SectionField)?.GetRawConstantValue() as string
        where section is not null
        from setting in Settings(type, Activator.CreateInstance(type)!, section)
        select setting;

    /// <summary>Some types need a package that is not beside a library's assembly; options classes need none.</summary>
    private static IEnumerable<Type> Types(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException partly)
        {
            return partly.Types.OfType<Type>();
        }
    }

    private static IEnumerable<(string Key, string? Default)> Settings(Type type, object defaults, string prefix)
    {
        foreach (var property in type.GetProperties().Where(property => property.SetMethod?.IsPublic == true))
        {
            var key = $"{prefix}:{property.Name}";
            var value = property.GetValue(defaults);
            if (value is not null && property.PropertyType.Assembly == type.Assembly && property.PropertyType.IsClass)
            {
                foreach (var nested in Settings(property.PropertyType, value, key))
                {
                    yield return nested;
                }
            }
            else
            {
                yield return (key, value is IEnumerable and not string || DependsOnMachine(property) ? null : Format(value));
            }
        }
    }

    private static bool DependsOnMachine(PropertyInfo property) => property.Name is "ConcurrentRequests" or "InferenceThreads";

    private static string Format(object? value) => value switch
    {
        null or "" => "",
        Uri address => address.OriginalString,
        bool flag => flag ? "true" : "false",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    [GeneratedRegex(@"^\| setting \|.*\n(\|.*\n)+", RegexOptions.Multiline)]
    private static partial Regex SettingsTable();

    [GeneratedRegex(@"^\| `(?<key>[A-Za-z0-9]+(:[A-Za-z0-9]+)+)` \| (`(?<default>[^`]*)`|[^|]*) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
