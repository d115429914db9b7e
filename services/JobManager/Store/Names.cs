using System.Text.RegularExpressions;

namespace ImageEditor.JobManager.Store;

/// <summary>What may become part of a key.</summary>
internal static partial class Names
{
    /// <summary>A converter's name: lower-case letters, digits and hyphens.</summary>
    public static bool IsConverter(string? name) => name is not null && Converter.IsMatch(name);

    /// <summary>A claim's token.</summary>
    public static bool IsToken(string? token) => token is not null && Token.IsMatch(token);

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,63}\z")]
    private static partial Regex Converter { get; }

    [GeneratedRegex(@"^[A-Za-z0-9_-]{8,128}\z")]
    private static partial Regex Token { get; }
}
