using System.ComponentModel.DataAnnotations;

namespace ImageEditor.AuthManager.Credentials;

/// <summary>Rules for passwords and for guessing them (configuration section <c>Credentials</c>).</summary>
internal sealed class CredentialsOptions
{
    public const string Section = "Credentials";

    /// <summary>The number of failed sign-ins in a row that locks an account.</summary>
    [Range(1, 1000)]
    public int MaxFailedSignIns { get; set; } = 10;

    /// <summary>How long a locked account stays locked.</summary>
    public TimeSpan LockoutDuration { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The minimum strength of a password by zxcvbn: 0 (guessed at once) to 4 (very hard to guess).</summary>
    [Range(0, 4)]
    public int MinPasswordStrength { get; set; } = 3;

    /// <summary>Iterations of PBKDF2 with HMAC-SHA512.</summary>
    /// <remarks>OWASP's password storage cheat sheet, 2023.</remarks>
    [Range(100_000, 10_000_000)]
    public int Pbkdf2Iterations { get; set; } = 210_000;
}
