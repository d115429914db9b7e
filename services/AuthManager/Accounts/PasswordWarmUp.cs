using Microsoft.AspNetCore.Identity;

namespace ImageEditor.AuthManager.Accounts;

/// <summary>Hashes, compares and estimates a password before anybody asks for it: the first time takes seconds on a busy machine, longer than a caller waits.</summary>
internal sealed class PasswordWarmUp(NobodysHash nobody, PasswordPolicy policy, IPasswordHasher<User> hasher) : BackgroundService
{
    // Long enough to be looked up in every dictionary.
    private const string Example = "correct horse battery staple";

    private volatile bool _isDone;

    /// <summary>Whether the first password of a caller is no slower than the next ones.</summary>
    public bool IsDone => _isDone;

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        policy.Refuse(Example, "nobody@example.org");
        hasher.VerifyHashedPassword(nobody.User, nobody.PasswordHash, Example);
        _isDone = true;
        return Task.CompletedTask;
    }
}
