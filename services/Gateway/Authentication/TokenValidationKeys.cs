using System.Collections.Frozen;
using Microsoft.IdentityModel.Tokens;

namespace ImageEditor.Gateway.Authentication;

/// <summary>The keys and revocations that access tokens are validated with, as last fetched from AuthManager.</summary>
internal sealed class TokenValidationKeys
{
    private volatile Snapshot? _current;

    /// <summary>Null until keys and revocations were fetched once.</summary>
    public Snapshot? Current => _current;

    public void Replace(IEnumerable<SecurityKey> keys, IEnumerable<Guid> revokedSessions) =>
        _current = new Snapshot([.. keys], revokedSessions.ToFrozenSet());

    /// <summary>Keys and revocations that were fetched together.</summary>
    /// <param name="Keys">The keys that tokens may be signed with.</param>
    /// <param name="RevokedSessions">Sessions that have ended, although one of their tokens may not have expired.</param>
    internal sealed record Snapshot(IReadOnlyList<SecurityKey> Keys, FrozenSet<Guid> RevokedSessions);
}
