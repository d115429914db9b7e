using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ImageEditor.AuthManager.Database;
using ImageEditor.AuthManager.Database.Entities;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ImageEditor.AuthManager.Sessions;

/// <summary>Opens, refreshes and ends sessions.</summary>
internal sealed partial class SessionService(
    AccountsContext database,
    AccessTokenIssuer issuer,
    IOptions<SessionsOptions> options,
    TimeProvider time,
    ILogger<SessionService> logger)
{
    private const int TokenBytes = 32;

    /// <summary>Opens a session of an account whose password was just verified.</summary>
    /// <returns>Null when the account was deleted, or its password changed, since it was read.</returns>
    /// <exception cref="ProblemException">There is no key to sign with yet.</exception>
    public Task<IssuedTokens?> OpenAsync(User user, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async () =>
            {
                // The row is locked until the commit: a new password or a deletion happens before it, or after it and ends the session.
                var unchanged = await database.Users
                    .FromSql($"""SELECT * FROM "AspNetUsers" WHERE "Id" = {user.Id} AND "SecurityStamp" = {user.SecurityStamp} FOR SHARE""")
                    .Select(row => row.Id)
                    .ToListAsync(cancellationToken);
                return unchanged.Count > 0 ? await OpenInTransactionAsync(user.Id, cancellationToken) : null;
            },
            cancellationToken);

    /// <summary>Opens a session in the caller's transaction, which has locked the account.</summary>
    /// <exception cref="ProblemException">There is no key to sign with yet.</exception>
    public async Task<IssuedTokens> OpenInTransactionAsync(Guid user, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var session = new Session
        {
            Id = Guid.NewGuid(),
            UserId = user,
            CreatedAt = now,
            ExpiresAt = now + options.Value.SessionLifetime,
        };
        database.Sessions.Add(session);
        return await IssueAsync(session, now, cancellationToken);
    }

    /// <summary>Exchanges a refresh token for new tokens.</summary>
    /// <returns>Null when the token is not valid, or not any more.</returns>
    /// <exception cref="ProblemException">There is no key to sign with yet.</exception>
    public async Task<IssuedTokens?> RefreshAsync(string token, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var hash = Hash(token);
        var found = await (
            from refresh in database.RefreshTokens
            join session in database.Sessions on refresh.SessionId equals session.Id
            where refresh.Hash == hash && refresh.ExpiresAt > now && session.ExpiresAt > now
            select new { Session = session, refresh.RotatedAt }).AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        if (found is null)
        {
            return null;
        }

        // Of several concurrent uses of a token one rotates it, and the others are within its grace period.
        if (now - found.RotatedAt > options.Value.ReuseGrace)
        {
            await EndAsync(found.Session.Id, cancellationToken);
            Log.Reused(logger, found.Session.Id);
            return null;
        }

        try
        {
            return await database.InTransactionAsync(
                async () =>
                {
                    await database.RefreshTokens.Where(row => row.Hash == hash && row.RotatedAt == null)
                        .ExecuteUpdateAsync(row => row.SetProperty(value => value.RotatedAt, now), cancellationToken);
                    return await IssueAsync(found.Session, now, cancellationToken);
                },
                cancellationToken);
        }
        catch (DbUpdateException exception) when (
            exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation })
        {
            // The session has ended meanwhile.
            return null;
        }
    }

    /// <summary>Ends the session that a refresh token belongs to, if there is one.</summary>
    public async Task EndByTokenAsync(string token, CancellationToken cancellationToken)
    {
        var hash = Hash(token);
        var session = await database.RefreshTokens
            .Where(row => row.Hash == hash)
            .Select(row => (Guid?)row.SessionId)
            .SingleOrDefaultAsync(cancellationToken);
        if (session is { } id)
        {
            await EndAsync(id, cancellationToken);
        }
    }

    /// <summary>Ends every session of an account in the caller's transaction.</summary>
    public async Task EndAllAsync(Guid user, CancellationToken cancellationToken)
    {
        var ids = await database.Sessions
            .Where(session => session.UserId == user)
            .Select(session => session.Id)
            .ToListAsync(cancellationToken);
        await RevokeAsync(ids, cancellationToken);
    }

    /// <summary>Lists the sessions whose access tokens Gateways must refuse.</summary>
    public Task<List<Guid>> ListRevokedAsync(CancellationToken cancellationToken)
    {
        var since = time.GetUtcNow() - options.Value.RevocationRetention;
        return database.Revocations
            .Where(row => row.RevokedAt > since)
            .Select(row => row.SessionId)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Removes expired sessions, tokens and revocations.</summary>
    public async Task CleanUpAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var since = now - options.Value.RevocationRetention;
        await database.Revocations.Where(row => row.RevokedAt <= since).ExecuteDeleteAsync(cancellationToken);
        await database.Sessions
            .Where(session => session.ExpiresAt <= now
                || !database.RefreshTokens.Any(token => token.SessionId == session.Id && token.ExpiresAt > now))
            .ExecuteDeleteAsync(cancellationToken);

        // A rotated token stays until it expires: its reuse shows that it was stolen.
        await database.RefreshTokens.Where(token => token.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
    }

    private async Task EndAsync(Guid session, CancellationToken cancellationToken) =>
        await database.InTransactionAsync(() => RevokeAsync([session], cancellationToken), cancellationToken);

    private async Task RevokeAsync(List<Guid> sessions, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var session in sessions)
        {
            // Two callers may end the same session at once.
            await database.Database.ExecuteSqlAsync(
                $"""INSERT INTO "Revocations" ("SessionId", "RevokedAt") VALUES ({session}, {now}) ON CONFLICT DO NOTHING""",
                cancellationToken);
        }

        await database.Sessions.Where(session => sessions.Contains(session.Id)).ExecuteDeleteAsync(cancellationToken);
    }

    private async Task<IssuedTokens> IssueAsync(Session session, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var access = issuer.Issue(session.UserId, session.Id);
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        var unusedUntil = now + options.Value.RefreshLifetime;
        var expires = unusedUntil < session.ExpiresAt ? unusedUntil : session.ExpiresAt;
        database.RefreshTokens.Add(new RefreshToken { Hash = Hash(token), SessionId = session.Id, ExpiresAt = expires });
        await database.SaveChangesAsync(cancellationToken);
        return new IssuedTokens(access, options.Value.AccessLifetime, token, expires);
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "A refresh token of session {Session} was used again after its rotation; the session has ended",
            EventName = "RefreshTokenReused")]
        public static partial void Reused(ILogger logger, Guid session);
    }
}
