using System.Net.Mail;

namespace ImageEditor.AuthManager.Credentials;

internal static class EmailAddress
{
    // RFC 5321, section 4.5.3.1.3.
    private const int MaxLength = 254;

    /// <summary>Parses an address that a person typed, without display name and comment.</summary>
    public static bool TryParse(string? text, out string address)
    {
        address = text?.Trim() ?? "";
        return address.Length is > 0 and <= MaxLength
            && MailAddress.TryCreate(address, out var parsed)
            && parsed.Address == address
            && !address.Any(character => char.IsControl(character) || char.IsWhiteSpace(character));
    }
}
