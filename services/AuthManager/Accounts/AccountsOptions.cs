using System.ComponentModel.DataAnnotations;

namespace ImageEditor.AuthManager.Accounts;

/// <summary>Rules for passwords (configuration section <c>Accounts</c>).</summary>
internal sealed class AccountsOptions
{
    public const string Section = "Accounts";

    /// <summary>Failed sign-ins in a row after which an account is locked.</summary>
    [Range(1, 1000)]
    public int LockAfter { get; set; } = 10;

    /// <summary>How long a locked account stays locked.</summary>
    public TimeSpan LockFor { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The least strength of a password by zxcvbn: 0 (guessed at once) to 4 (very hard to guess).</summary>
    [Range(0, 4)]
    public int LeastStrength { get; set; } = 3;

    /// <summary>Rounds of PBKDF2 with HMAC-SHA512.</summary>
    /// <remarks>OWASP's password storage cheat sheet, 2023.</remarks>
    [Range(100_000, 10_000_000)]
    public int HashRounds { get; set; } = 210_000;
}
