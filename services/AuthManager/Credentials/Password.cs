using System.Text;

namespace ImageEditor.AuthManager.Credentials;

/// <summary>A password that somebody typed, normalised: one device types <c>é</c> as one character, another one as two.</summary>
/// <remarks>NFKC, as NIST SP 800-63B, section 3.1.1.2, recommends before a password is hashed.</remarks>
internal sealed class Password
{
    private Password(string typed, string text) => (Typed, Text) = (typed, text);

    /// <summary>What is hashed, measured and estimated.</summary>
    public string Text { get; }

    /// <summary>What was typed, which is what the hashes of the releases before this class were made from.</summary>
    public string Typed { get; }

    /// <summary>Whether it was typed as it is hashed.</summary>
    public bool IsTypedNormalized => string.Equals(Typed, Text, StringComparison.Ordinal);

    /// <summary>The number of code points.</summary>
    public int Length => Text.EnumerateRunes().Count();

    /// <summary>Normalises what was typed.</summary>
    /// <param name="typed">What was typed; null is the empty password, which no account has.</param>
    /// <exception cref="ArgumentException">It is no valid UTF-16.</exception>
    public static Password Of(string? typed) => new(typed ?? "", (typed ?? "").Normalize(NormalizationForm.FormKC));
}
