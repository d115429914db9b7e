using System.Text.RegularExpressions;
using ImageEditor.Testing.Otlp;

namespace ImageEditor.SystemTests.Telemetry;

/// <summary>Looks for what telemetry must not tell, in every byte of it.</summary>
internal static partial class Leaks
{
    /// <summary>What was found: what it is, in which signal, and what stands before it.</summary>
    public static IReadOnlyList<string> In(OtlpReceiver receiver, IReadOnlyDictionary<string, string> secrets)
    {
        var found = new HashSet<string>();
        foreach (var (signal, text) in receiver.Payloads)
        {
            foreach (var (name, secret) in secrets)
            {
                for (var at = -1; (at = text.IndexOf(secret, at + 1, StringComparison.OrdinalIgnoreCase)) >= 0;)
                {
                    found.Add($"{name} in {signal}: …{Before(text, at)}");
                }
            }

            foreach (var match in Patterns().EnumerateMatches(text))
            {
                found.Add($"something like a secret in {signal}: …{Before(text, match.Index)}{text.Substring(match.Index, match.Length)}");
            }
        }

        return [.. found];
    }

    private static string Before(string text, int at) =>
        new([.. text[Math.Max(0, at - 80)..at].Select(letter => char.IsControl(letter) ? ' ' : letter)]);

    // A job's id of more than 8 digits, an e-mail address, a signed token; whoever's they are.
    [GeneratedRegex(@"p0-[0-9a-f]{9,}|[A-Za-z0-9._+-]+(?:@|%40)[A-Za-z0-9-]+\.[A-Za-z]{2,}|eyJ[A-Za-z0-9_-]{10,}\.")]
    private static partial Regex Patterns();
}
