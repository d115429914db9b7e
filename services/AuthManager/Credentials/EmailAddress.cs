using System.Globalization;
using System.Net.Mail;
using System.Text;

namespace ImageEditor.AuthManager.Credentials;

/// <summary>An address that a person typed, without display name and comment.</summary>
internal sealed class EmailAddress
{
    // RFC 5321, section 4.5.3.1.3.
    private const int MaxLength = 254;

    private static readonly IdnMapping Idn = new();

    private EmailAddress(string typed, string text)
    {
        Text = text;
        var at = text.LastIndexOf('@');
        Key = (text[..at] + "@" + ToAscii(text[(at + 1)..])).ToUpperInvariant();
        FormerKey = typed.ToUpperInvariant();
    }

    /// <summary>The address as it was typed, composed (NFC).</summary>
    public string Text { get; }

    /// <summary>Equal for all spellings of one address: composed, without case, the domain in its ASCII form (IDNA).</summary>
    public string Key { get; }

    /// <summary>What the releases before took for the key: without case alone.</summary>
    public string FormerKey { get; }

    /// <summary>Parses an address.</summary>
    /// <returns>Null when the text is no address.</returns>
    public static EmailAddress? Parse(string? text)
    {
        var typed = text?.Trim() ?? "";
        if (typed.Length is 0 or > MaxLength || typed.Any(character => char.IsControl(character) || char.IsWhiteSpace(character)))
        {
            return null;
        }

        var composed = typed.Normalize(NormalizationForm.FormC);
        return MailAddress.TryCreate(composed, out var parsed) && parsed.Address == composed ? new EmailAddress(typed, composed) : null;
    }

    private static string ToAscii(string domain)
    {
        if (Ascii.IsValid(domain))
        {
            return domain;
        }

        try
        {
            return Idn.GetAscii(domain);
        }
        catch (ArgumentException)
        {
            // No name that a domain can have. It is compared as it is written.
            return domain;
        }
    }
}
