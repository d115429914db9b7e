using System.Text;
using System.Text.RegularExpressions;
using ImageEditor.ServiceDefaults.Security;
using Microsoft.Extensions.Configuration;

namespace ImageEditor.ServiceDefaults.Telemetry.Redaction;

/// <summary>Replaces the sensitive parts of a text by asterisks, one per byte.</summary>
/// <remarks>
/// Whoever has a job's id may use the job, so only its first 8 digits stay. Tokens, e-mail addresses, names of pictures and recipes, and
/// passwords in connection strings are masked completely. An owner's id stays: it gives no access, and operators need it.
/// </remarks>
internal sealed partial class SensitiveText
{
    private const byte Masked = (byte)'*';
    private const int MinSecretBytes = 8;

    private readonly byte[][] _secrets;

    /// <param name="secrets">Texts to mask everywhere. Those shorter than 8 bytes are not masked, since they could be part of harmless
    /// words.</param>
    public SensitiveText(IEnumerable<string> secrets) =>
        _secrets = [.. secrets.Select(Encoding.UTF8.GetBytes).Where(secret => secret.Length >= MinSecretBytes)];

    /// <summary>Masks the patterns, and the secrets in a process's configuration.</summary>
    public static SensitiveText From(IConfiguration configuration)
    {
        string?[] keys =
            [configuration[InternalKey.Setting], configuration["Keys:EncryptionSecret"], configuration["ImageStorage:S3:SecretKey"]];
        var passwords = configuration.GetSection("ConnectionStrings").AsEnumerable()
            .SelectMany(connection => Pattern().Matches(connection.Value ?? ""))
            .Select(match => match.Groups["password"].Value);
        return new SensitiveText([.. keys.OfType<string>(), .. passwords]);
    }

    /// <summary>Masks a text in its place.</summary>
    /// <param name="utf8">The text, in UTF-8. Only whole characters are masked, so that it stays UTF-8.</param>
    public void Mask(Span<byte> utf8)
    {
        foreach (var secret in _secrets)
        {
            for (int at; (at = utf8.IndexOf(secret)) >= 0;)
            {
                utf8.Slice(at, secret.Length).Fill(Masked);
            }
        }

        // One byte becomes one character, so that the index of a match is an index of bytes.
        var text = Encoding.Latin1.GetString(utf8);
        for (var match = Pattern().Match(text); match.Success; match = match.NextMatch())
        {
            var found = match.Groups.Values.Skip(1).FirstOrDefault(group => group.Success) ?? match;
            utf8.Slice(found.Index, found.Length).Fill(Masked);
        }
    }

    // All characters above ASCII are treated alike: half of one must not be masked.
    [GeneratedRegex(
        """
        p[0-9]+-[0-9a-f]{8}(?<job>[0-9a-f]{24})
        | [^\x00-\x20@"'<>(){}\[\],;:/?=&|\\]+ (?:@|%40) [A-Za-z0-9\x80-\xFF-]+ (?:\.[A-Za-z0-9\x80-\xFF-]+)+
        | eyJ[A-Za-z0-9_-]+ (?:\.[A-Za-z0-9_-]+){1,2}
        | (?<![A-Za-z0-9_-]) (?=[A-Za-z_-]{0,42}[0-9]) (?=[a-z0-9_-]{0,42}[A-Z]) [A-Za-z0-9_-]{43} (?![A-Za-z0-9_-])
        | (?i:password|pwd|secret) \s* = \s* (?<password>[^;,\x00-\x20"'&]+)
        | (?i:(?:\A|[?&])(?:n|%[46]e)(?:a|%[46]1)(?:m|%[46]d)(?:e|%[46]5)=|X-Internal-Picture-Name:\s*) (?<name>[^&\x00-\x20"\#]+)
        | /api/recipes/ (?<recipe>[^{/?\x00-\x20"\#][^/?\x00-\x20"\#]*)
        | (?i:filename)\*?= (?<file>"[^"]*"|[^;\x00-\x20"]+)
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
