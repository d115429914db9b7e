using System.Collections.Frozen;
using Microsoft.IdentityModel.Tokens;

namespace ImageEditor.Gateway.Annotation;

/// <summary>What access tokens are checked against, as last fetched from AuthManager; null until both parts were there once.</summary>
internal sealed class TrustedTokens
{
    private volatile Snapshot? _current;

    public Snapshot? Current => _current;

    public void Replace(IEnumerable<SecurityKey> keys, IEnumerable<Guid> revokedSessions) =>
        _current = new Snapshot([.. keys], revokedSessions.ToFrozenSet());

    /// <summary>Keys and revocations of one moment.</summary>
    /// <param name="Keys">The keys that tokens may be signed with.</param>
    /// <param name="RevokedSessions">Sessions that have ended although a token of theirs may not have expired.</param>
    internal sealed record Snapshot(IReadOnlyList<SecurityKey> Keys, FrozenSet<Guid> RevokedSessions);
}
