using System.Text.RegularExpressions;

namespace ImageEditor.JobManager.Store;

/// <summary>How claimers may choose their tokens. A token is part of a key of the store.</summary>
internal static partial class ClaimToken
{
    /// <summary>The rule, in words for an error message.</summary>
    public const string Rule = "8 to 128 letters, digits, '-' or '_'";

    /// <summary>Whether a token may be used.</summary>
    public static bool IsValid(string? token) => token is not null && Pattern.IsMatch(token);

    [GeneratedRegex(@"^[A-Za-z0-9_-]{8,128}\z")]
    private static partial Regex Pattern { get; }
}
