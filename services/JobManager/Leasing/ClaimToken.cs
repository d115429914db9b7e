using System.Text.RegularExpressions;

namespace ImageEditor.JobManager.Leasing;

/// <summary>What may become part of a key.</summary>
internal static partial class ClaimToken
{
    /// <summary>A claim's token.</summary>
    public static bool IsValid(string? token) => token is not null && Token.IsMatch(token);

    [GeneratedRegex(@"^[A-Za-z0-9_-]{8,128}\z")]
    private static partial Regex Token { get; }
}
