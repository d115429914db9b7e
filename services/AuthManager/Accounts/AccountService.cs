using ImageEditor.AuthManager.AccountDeletion;
using ImageEditor.AuthManager.Credentials;
using ImageEditor.AuthManager.Database;
using ImageEditor.AuthManager.Database.Entities;
using ImageEditor.AuthManager.Sessions;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ImageEditor.AuthManager.Accounts;

/// <summary>Creates, changes and deletes accounts.</summary>
internal sealed partial class AccountService(
    AccountsContext database,
    SessionService sessions,
    IPasswordHasher<User> hasher,
    OutboxSignal outbox,
    TimeProvider time,
    ILogger<AccountService> logger)
{
    /// <summary>Creates an account and signs it in: both, or neither.</summary>
    /// <returns>Its first tokens; or null, when there is an account with this address.</returns>
    /// <exception cref="ProblemException">There is no key to sign with yet.</exception>
    public async Task<IssuedTokens?> RegisterAsync(EmailAddress email, Password password, CancellationToken cancellationToken)
    {
        var user = new User
        {
            Id = Guid.NewGuid(),
            Email = email.Text,
            NormalizedEmail = email.Key,
            UserName = email.Text,
            NormalizedUserName = email.Key,
            SecurityStamp = Guid.NewGuid().ToString(),
            LockoutEnabled = true,
            CreatedAt = time.GetUtcNow(),
        };
        user.PasswordHash = hasher.HashPassword(user, password.Text);
        try
        {
            var tokens = await database.InTransactionAsync(
                async () =>
                {
                    // The account is there already when this is a retry after a commit whose response was lost.
                    if (!await database.Users.AnyAsync(row => row.Id == user.Id, cancellationToken))
                    {
                        database.Users.Add(user);
                        await database.SaveChangesAsync(cancellationToken);
                    }

                    return await sessions.OpenInTransactionAsync(user.Id, cancellationToken);
                },
                cancellationToken);
            Log.Registered(logger, user.Id);
            return tokens;
        }
        catch (DbUpdateException exception)
            when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return null;
        }
    }

    /// <summary>Reads an account.</summary>
    public Task<User?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        database.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == id, cancellationToken);

    /// <summary>Changes the password, ends every session of the account and opens a new one.</summary>
    /// <returns>The new session's tokens; null when the password was changed, or the account deleted, since it was read.</returns>
    public Task<IssuedTokens?> ChangePasswordAsync(User user, Password password, CancellationToken cancellationToken)
    {
        var hash = hasher.HashPassword(user, password.Text);
        return database.InTransactionAsync<IssuedTokens?>(
            async () =>
            {
                // Of two concurrent changes with the same old password, the second one's is not the password any more.
                var changed = await database.Users
                    .Where(row => row.Id == user.Id && row.SecurityStamp == user.SecurityStamp)
                    .ExecuteUpdateAsync(
                        row => row.SetProperty(value => value.PasswordHash, hash)
                            .SetProperty(value => value.SecurityStamp, Guid.NewGuid().ToString())
                            .SetProperty(value => value.AccessFailedCount, 0)
                            .SetProperty(value => value.LockoutEnd, (DateTimeOffset?)null),
                        cancellationToken);
                if (changed == 0)
                {
                    return null;
                }

                await sessions.EndAllAsync(user.Id, cancellationToken);
                Log.PasswordChanged(logger, user.Id);
                return await sessions.OpenInTransactionAsync(user.Id, cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>Deletes the account, ends its sessions, and queues the removal of its pictures: all of it, or nothing.</summary>
    public async Task DeleteAsync(Guid user, CancellationToken cancellationToken)
    {
        await database.InTransactionAsync(
            async () =>
            {
                // The row is locked until the end, so that no concurrent sign-in opens a session that this misses.
                await database.Users
                    .FromSql($"""SELECT * FROM "AspNetUsers" WHERE "Id" = {user} FOR UPDATE""")
                    .Select(row => row.Id)
                    .ToListAsync(cancellationToken);
                await sessions.EndAllAsync(user, cancellationToken);
                if (await database.Users.Where(row => row.Id == user).ExecuteDeleteAsync(cancellationToken) > 0)
                {
                    var now = time.GetUtcNow();
                    database.Deletions.Add(new PendingDeletion { User = user, DeletedAt = now, NextTryAt = now });
                    await database.SaveChangesAsync(cancellationToken);
                }
            },
            cancellationToken);
        Log.Deleted(logger, user);
        outbox.Raise();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Account {User} was created", EventName = "AccountRegistered")]
        public static partial void Registered(ILogger logger, Guid user);

        [LoggerMessage(
            LogLevel.Information, "The password of account {User} was changed; its sessions have ended", EventName = "PasswordChanged")]
        public static partial void PasswordChanged(ILogger logger, Guid user);

        [LoggerMessage(LogLevel.Information, "Account {User} was deleted", EventName = "AccountDeleted")]
        public static partial void Deleted(ILogger logger, Guid user);
    }
}
