using System.Text;
using Microsoft.Extensions.Options;

namespace ImageEditor.AuthManager.Credentials;

/// <summary>A password must be hard to guess. Which kinds of characters it has does not matter.</summary>
internal sealed class PasswordPolicy(IOptions<CredentialsOptions> options)
{
    /// <summary>In code points.</summary>
    public const int MinLength = 8;

    /// <summary>In code points.</summary>
    public const int MaxLength = 256;

    // The estimate's time grows with the square of the length. A password whose first 100 characters are strong is strong enough.
    private const int MaxEstimatedLength = 100;

    /// <summary>Finds out whether a password is too weak.</summary>
    /// <param name="password">The password.</param>
    /// <param name="email">The account's address; a password made of it is easy to guess.</param>
    /// <returns>A sentence that says what to do; null when the password is strong enough.</returns>
    public string? FindWeakness(Password password, string email)
    {
        if (password.Length is < MinLength or > MaxLength)
        {
            return $"Choose a password of {MinLength} to {MaxLength} characters.";
        }

        var address = email.Normalize(NormalizationForm.FormKC);
        var estimate = Zxcvbn.Zxcvbn.MatchPassword(
            password.Text[..Math.Min(password.Text.Length, MaxEstimatedLength)], [address, .. address.Split('@', '.', '+', '-', '_')]);
        return estimate.Score >= options.Value.MinPasswordStrength
            ? null
            : "Choose a password that is harder to guess: several words that do not belong together are strong and easy to remember.";
    }
}
