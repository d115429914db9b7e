using ImageEditor.AuthManager.Database;
using ImageEditor.AuthManager.Database.Entities;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ImageEditor.AuthManager.Credentials;

/// <summary>Verifies passwords, and locks accounts whose passwords are guessed.</summary>
internal sealed class PasswordVerifier(
    AccountsContext database,
    IPasswordHasher<User> hasher,
    DecoyPasswordHash decoy,
    IOptions<CredentialsOptions> options,
    TimeProvider time)
{
    /// <summary>Verifies an address and a password.</summary>
    /// <param name="email">The address; null for what is no address, which has no account.</param>
    /// <param name="password">What was typed.</param>
    /// <param name="cancellationToken">Cancels the queries.</param>
    /// <returns>
    /// The account; null when there is none, when the password is wrong, and when the account is locked: callers cannot tell which.
    /// </returns>
    public async Task<User?> VerifyAsync(EmailAddress? email, Password password, CancellationToken cancellationToken)
    {
        var user = email is null ? null : await FindAsync(email, cancellationToken);
        return await VerifyAsync(user, password, cancellationToken) ? user : null;
    }

    /// <summary>Verifies the password of an account, with the same cost and the same steps whether the account exists or not.</summary>
    public async Task<bool> VerifyAsync(User? user, Password password, CancellationToken cancellationToken)
    {
        var result = CompareWithHash(user, password);
        var now = time.GetUtcNow();
        var isOpen = user is not null && !(user.LockoutEnd > now);
        if (!isOpen || result == PasswordVerificationResult.Failed)
        {
            await CountFailureAsync(isOpen ? user!.Id : Guid.Empty, now, cancellationToken);
            return false;
        }

        if (result == PasswordVerificationResult.SuccessRehashNeeded)
        {
            var hash = hasher.HashPassword(user!, password.Text);
            var checkedHash = user!.PasswordHash;
            await database.Users.Where(row => row.Id == user.Id && row.PasswordHash == checkedHash)
                .ExecuteUpdateAsync(row => row.SetProperty(value => value.PasswordHash, hash), cancellationToken);
        }

        // Concurrent guesses may have locked the account since it was read. Then even the right password among them does not count.
        return await database.Users
            .Where(row => row.Id == user!.Id && (row.LockoutEnd == null || row.LockoutEnd <= now))
            .ExecuteUpdateAsync(row => row.SetProperty(value => value.AccessFailedCount, 0), cancellationToken) > 0;
    }

    // The number of hashes depends on what was typed alone, so that the time tells nothing about the account.
    private PasswordVerificationResult CompareWithHash(User? user, Password password)
    {
        var hash = user?.PasswordHash ?? decoy.PasswordHash;
        var result = hasher.VerifyHashedPassword(user ?? decoy.User, hash, password.Text);
        if (password.IsTypedNormalized)
        {
            return result;
        }

        var asTyped = hasher.VerifyHashedPassword(user ?? decoy.User, hash, password.Typed);
        return result == PasswordVerificationResult.Failed && asTyped != PasswordVerificationResult.Failed
            ? PasswordVerificationResult.SuccessRehashNeeded
            : result;
    }

    // Two spellings of one address could be two accounts once. Each is still found by its own.
    private Task<User?> FindAsync(EmailAddress email, CancellationToken cancellationToken)
    {
        var (key, formerKey) = (email.Key, email.FormerKey);
        return database.Users.AsNoTracking()
            .Where(user => user.NormalizedEmail == key || user.NormalizedEmail == formerKey)
            .OrderByDescending(user => user.NormalizedEmail == formerKey)
            .FirstOrDefaultAsync(cancellationToken);
    }

    // One statement counts, so that all concurrent guesses count.
    private async Task CountFailureAsync(Guid user, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var lastFailure = options.Value.MaxFailedSignIns - 1;
        DateTimeOffset? lockoutEnd = now + options.Value.LockoutDuration;
        await database.Users.Where(row => row.Id == user).ExecuteUpdateAsync(
            row => row
                .SetProperty(value => value.LockoutEnd, value => value.AccessFailedCount >= lastFailure ? lockoutEnd : value.LockoutEnd)
                .SetProperty(
                    value => value.AccessFailedCount, value => value.AccessFailedCount >= lastFailure ? 0 : value.AccessFailedCount + 1),
            cancellationToken);
    }
}
