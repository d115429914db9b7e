using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace ImageEditor.Architecture.Tests;

/// <summary><c>docs/api/internal.md</c> lists every kind of error with its status.</summary>
public sealed partial class ProblemTypesPageTests
{
    [Fact]
    public void Page_ListsEveryProblemType_WithItsStatus()
    {
        var page = BuiltAssemblies.ReadDocument("docs/api/internal.md");
        var list = page[page.IndexOf("## Problem types", StringComparison.Ordinal)..];
        var listed =
            from row in Row().Matches(list)
            from name in Name().Matches(row.Groups["names"].Value)
            select (name.Groups["name"].Value, int.Parse(row.Groups["status"].Value, CultureInfo.InvariantCulture));

        Assert.Equal(InCode().Order(), listed.Order());
    }

    private static IEnumerable<(string Name, int Status)> InCode()
    {
        var types = BuiltAssemblies.LoadForReflection("ImageEditor.ServiceDefaults").GetType(
            "ImageEditor.ServiceDefaults.Problems.ProblemTypes", throwOnError: true)!;
        return
            from field in types.GetFields(BindingFlags.Public | BindingFlags.Static)
            let type = field.GetValue(null)!
            select ((string)Value(type, "Name"), (int)Value(type, "Status"));
    }

    private static object Value(object type, string property) => type.GetType().GetProperty(property)!.GetValue(type)!;

    [GeneratedRegex(@"^\| (?<names>`[^|]+) \| (?<status>\d{3}) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`(?<name>[a-z-]+)`")]
    private static partial Regex Name();
}
