using ImageEditor.AuthManager.Data;
using ImageEditor.AuthManager.Deletion;
using ImageEditor.AuthManager.Keys;
using ImageEditor.AuthManager.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ImageEditor.AuthManager.Accounts;

/// <summary>Makes, checks, changes and deletes accounts.</summary>
internal sealed partial class AccountService(
    AccountsContext database,
    SessionService sessions,
    IPasswordHasher<User> hasher,
    NobodysHash nobody,
    ILookupNormalizer normalizer,
    DeletionSignal deletions,
    IOptions<AccountsOptions> options,
    TimeProvider time,
    ILogger<AccountService> logger)
{
    /// <summary>Makes an account and signs it in: both, or neither.</summary>
    /// <returns>The account and its first tokens; or null, when there is an account with this address.</returns>
    /// <exception cref="SigningKeysUnavailableException">There is no key to sign with yet.</exception>
    public async Task<Registration?> RegisterAsync(string email, string password, CancellationToken cancellationToken)
    {
        var user = new User
        {
            Id = Guid.NewGuid(),
            Email = email,
            NormalizedEmail = normalizer.NormalizeEmail(email),
            UserName = email,
            NormalizedUserName = normalizer.NormalizeName(email),
            SecurityStamp = Guid.NewGuid().ToString(),
            LockoutEnabled = true,
            CreatedAt = time.GetUtcNow(),
        };
        user.PasswordHash = hasher.HashPassword(user, password);
        try
        {
            var tokens = await database.InTransactionAsync(
                async () =>
                {
                    // It is there already when this is a repetition after a commit whose answer got lost.
                    if (!await database.Users.AnyAsync(row => row.Id == user.Id, cancellationToken))
                    {
                        database.Users.Add(user);
                        await database.SaveChangesAsync(cancellationToken);
                    }

                    return await sessions.OpenWithinAsync(user.Id, cancellationToken);
                },
                cancellationToken);
            Log.Registered(logger, user.Id);
            return new Registration(user, tokens);
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return null;
        }
    }

    /// <summary>Checks an address and a password.</summary>
    /// <returns>The account; null when there is none, when the password is wrong, and when the account is locked: callers cannot tell which.</returns>
    public async Task<User?> CheckAsync(string email, string password, CancellationToken cancellationToken)
    {
        var normalized = normalizer.NormalizeEmail(email);
        var user = await database.Users.AsNoTracking().SingleOrDefaultAsync(user => user.NormalizedEmail == normalized, cancellationToken);
        return await CheckAsync(user, password, cancellationToken) ? user : null;
    }

    /// <summary>Reads an account.</summary>
    public Task<User?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        database.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == id, cancellationToken);

    /// <summary>Checks the password of an account, with the same cost and the same steps whether the account exists or not.</summary>
    public async Task<bool> CheckAsync(User? user, string password, CancellationToken cancellationToken)
    {
        var verdict = hasher.VerifyHashedPassword(user ?? nobody.User, user?.PasswordHash ?? nobody.PasswordHash, password);
        var now = time.GetUtcNow();
        var open = user is not null && !(user.LockoutEnd > now);
        if (!open || verdict == PasswordVerificationResult.Failed)
        {
            await CountFailureAsync(open ? user!.Id : Guid.Empty, now, cancellationToken);
            return false;
        }

        if (verdict == PasswordVerificationResult.SuccessRehashNeeded)
        {
            var hash = hasher.HashPassword(user!, password);
            var checkedHash = user!.PasswordHash;
            await database.Users.Where(row => row.Id == user.Id && row.PasswordHash == checkedHash)
                .ExecuteUpdateAsync(row => row.SetProperty(value => value.PasswordHash, hash), cancellationToken);
        }

        // Guesses made side by side may have locked the account since it was read; then the right one among them does not count either.
        return await database.Users.Where(row => row.Id == user!.Id && (row.LockoutEnd == null || row.LockoutEnd <= now))
            .ExecuteUpdateAsync(row => row.SetProperty(value => value.AccessFailedCount, 0), cancellationToken) > 0;
    }

    /// <summary>Changes the password, ends every session of the account and opens a new one.</summary>
    /// <returns>The new session's tokens; null when the password was changed, or the account deleted, since <paramref name="user"/> was read.</returns>
    public Task<IssuedTokens?> ChangePasswordAsync(User user, string password, CancellationToken cancellationToken)
    {
        var hash = hasher.HashPassword(user, password);
        return database.InTransactionAsync<IssuedTokens?>(
            async () =>
            {
                // Of two who change it side by side, with the same old password, the second one's is no longer the password.
                var changed = await database.Users.Where(row => row.Id == user.Id && row.SecurityStamp == user.SecurityStamp).ExecuteUpdateAsync(
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
                return await sessions.OpenWithinAsync(user.Id, cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>Deletes the account, ends its sessions, and notes that its pictures have to go: all of it, or nothing.</summary>
    public async Task DeleteAsync(Guid user, CancellationToken cancellationToken)
    {
        await database.InTransactionAsync(
            async () =>
            {
                // Held to the end, so that no sign-in can open a session that this would miss.
                await database.Users.FromSql($"""SELECT * FROM "AspNetUsers" WHERE "Id" = {user} FOR UPDATE""").Select(row => row.Id).ToListAsync(cancellationToken);
                await sessions.EndAllAsync(user, cancellationToken);
                if (await database.Users.Where(row => row.Id == user).ExecuteDeleteAsync(cancellationToken) > 0)
                {
                    var now = time.GetUtcNow();
                    database.Deletions.Add(new AccountDeletion { User = user, DeletedAt = now, NextTryAt = now });
                    await database.SaveChangesAsync(cancellationToken);
                }
            },
            cancellationToken);
        Log.Deleted(logger, user);
        deletions.Raise();
    }

    // Counted in one statement, so that guesses made side by side all count.
    private async Task CountFailureAsync(Guid user, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var last = options.Value.LockAfter - 1;
        DateTimeOffset? until = now + options.Value.LockFor;
        await database.Users.Where(row => row.Id == user).ExecuteUpdateAsync(
            row => row
                .SetProperty(value => value.LockoutEnd, value => value.AccessFailedCount >= last ? until : value.LockoutEnd)
                .SetProperty(value => value.AccessFailedCount, value => value.AccessFailedCount >= last ? 0 : value.AccessFailedCount + 1),
            cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Account {User} was made", EventName = "AccountRegistered")]
        public static partial void Registered(ILogger logger, Guid user);

        [LoggerMessage(LogLevel.Information, "The password of account {User} was changed; its sessions have ended", EventName = "PasswordChanged")]
        public static partial void PasswordChanged(ILogger logger, Guid user);

        [LoggerMessage(LogLevel.Information, "Account {User} was deleted", EventName = "AccountDeleted")]
        public static partial void Deleted(ILogger logger, Guid user);
    }
}
