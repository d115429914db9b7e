using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace ImageEditor.ServiceDefaults.Contracts;

/// <summary>The rule for names of converters. A name is part of addresses and of the job store's keys.</summary>
public static partial class ConverterName
{
    /// <summary>The rule, in words for an error message.</summary>
    public const string Rule = "1 to 64 lower-case letters, digits and hyphens, the first no hyphen";

    /// <summary>Whether a text is a valid name.</summary>
    public static bool IsValid([NotNullWhen(true)] string? name) => name is not null && Pattern.IsMatch(name);

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,63}\z")]
    private static partial Regex Pattern { get; }
}
