using Microsoft.Extensions.Options;

namespace ImageEditor.AuthManager.Accounts;

/// <summary>A password must be hard to guess; which kinds of characters it has does not matter.</summary>
internal sealed class PasswordPolicy(IOptions<AccountsOptions> options)
{
    public const int MinLength = 8;
    public const int MaxLength = 256;

    // The estimate's time grows with the square of the length; what is strong in its first 100 characters is strong enough.
    private const int Estimated = 100;

    /// <summary>Null when the password will do, else a sentence that says what to do.</summary>
    /// <param name="password">The password.</param>
    /// <param name="email">The account's address; a password made of it is easy to guess.</param>
    public string? Refuse(string password, string email)
    {
        if (password.Length is < MinLength or > MaxLength)
        {
            return $"Choose a password of {MinLength} to {MaxLength} characters.";
        }

        var estimate = Zxcvbn.Zxcvbn.MatchPassword(password[..Math.Min(password.Length, Estimated)], [email, .. email.Split('@', '.', '+', '-', '_')]);
        return estimate.Score >= options.Value.LeastStrength
            ? null
            : "Choose a password that is harder to guess: several words that do not belong together are strong and easy to remember.";
    }
}
