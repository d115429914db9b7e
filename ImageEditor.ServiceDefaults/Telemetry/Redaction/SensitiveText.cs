using System.Text;
using System.Text.RegularExpressions;
using ImageEditor.ServiceDefaults.Security;
using Microsoft.Extensions.Configuration;

namespace ImageEditor.ServiceDefaults.Telemetry.Redaction;

/// <summary>Finds what telemetry must not tell, and puts asterisks in its place, as many as it has bytes.</summary>
/// <remarks>
/// Whoever has a job's id may use the job, so that its first 8 digits stay and the rest goes. Tokens, e-mail addresses, names of pictures and
/// passwords in connection strings go as a whole. An owner's id stays: it is no address, opens nothing, and tells whose trouble it is.
/// </remarks>
internal sealed partial class SensitiveText
{
    private const byte Masked = (byte)'*';
    private const int ShortestSecret = 8;

    private readonly byte[][] _secrets;

    /// <param name="secrets">Texts that must not be told wherever they stand; what is shorter than 8 bytes would be found in harmless words.</param>
    public SensitiveText(IEnumerable<string> secrets) =>
        _secrets = [.. secrets.Select(Encoding.UTF8.GetBytes).Where(secret => secret.Length >= ShortestSecret)];

    /// <summary>The patterns, and the secrets that a process knows by its configuration.</summary>
    public static SensitiveText Of(IConfiguration configuration)
    {
        string?[] keys = [configuration[InternalKey.Setting], configuration["Keys:Protection"], configuration["ImageStorage:S3:SecretKey"]];
        var passwords = configuration.GetSection("ConnectionStrings").AsEnumerable()
            .SelectMany(connection => Pattern().Matches(connection.Value ?? ""))
            .Select(match => match.Groups["password"].Value);
        return new SensitiveText([.. keys.OfType<string>(), .. passwords]);
    }

    /// <summary>Masks a text in its place.</summary>
    /// <param name="utf8">The text, in UTF-8; what is masked is whole characters, so that it stays UTF-8.</param>
    public void Mask(Span<byte> utf8)
    {
        foreach (var secret in _secrets)
        {
            for (int at; (at = utf8.IndexOf(secret)) >= 0;)
            {
                utf8.Slice(at, secret.Length).Fill(Masked);
            }
        }

        // A byte becomes a character, so that a match's place is the bytes' place.
        var text = Encoding.Latin1.GetString(utf8);
        for (var match = Pattern().Match(text); match.Success; match = match.NextMatch())
        {
            var found = match.Groups.Values.Skip(1).FirstOrDefault(group => group.Success) ?? match;
            utf8.Slice(found.Index, found.Length).Fill(Masked);
        }
    }

    // Characters above ASCII are let in or kept out all alike: a half of one must not be masked.
    [GeneratedRegex(
        """
        p[0-9]+-[0-9a-f]{8}(?<job>[0-9a-f]{24})
        | [^\x00-\x20@"'<>(){}\[\],;:/?=&|\\]+ (?:@|%40) [A-Za-z0-9\x80-\xFF-]+ (?:\.[A-Za-z0-9\x80-\xFF-]+)+
        | eyJ[A-Za-z0-9_-]+ (?:\.[A-Za-z0-9_-]+){1,2}
        | (?<![A-Za-z0-9_-]) (?=[A-Za-z_-]{0,42}[0-9]) (?=[a-z0-9_-]{0,42}[A-Z]) [A-Za-z0-9_-]{43} (?![A-Za-z0-9_-])
        | (?i:password|pwd|secret) \s* = \s* (?<password>[^;,\x00-\x20"'&]+)
        | [?&]name= (?<name>[^&\x00-\x20"'\#]+)
        | (?i:filename)\*?= (?<file>"[^"]*"|[^;\x00-\x20"]+)
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
