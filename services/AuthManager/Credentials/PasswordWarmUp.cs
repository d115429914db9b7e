using ImageEditor.AuthManager.Database.Entities;
using Microsoft.AspNetCore.Identity;

namespace ImageEditor.AuthManager.Credentials;

/// <summary>
/// Hashes, verifies and estimates a password at the start: the first time takes seconds on a busy machine, longer than a caller waits.
/// </summary>
internal sealed class PasswordWarmUp(DecoyPasswordHash decoy, PasswordPolicy policy, IPasswordHasher<User> hasher) : BackgroundService
{
    // Long enough to need every dictionary of the estimate.
    private const string Example = "correct horse battery staple";

    private volatile bool _isDone;

    /// <summary>Whether passwords are checked in the usual time.</summary>
    public bool IsDone => _isDone;

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        policy.FindWeakness(Password.Of(Example), "nobody@example.org");
        hasher.VerifyHashedPassword(decoy.User, decoy.PasswordHash, Example);
        _isDone = true;
        return Task.CompletedTask;
    }
}
