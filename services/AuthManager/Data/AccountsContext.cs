using ImageEditor.AuthManager.Accounts;
using ImageEditor.AuthManager.Deletion;
using ImageEditor.AuthManager.Keys;
using ImageEditor.AuthManager.Sessions;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace ImageEditor.AuthManager.Data;

/// <summary>The accounts' database.</summary>
internal sealed class AccountsContext(DbContextOptions<AccountsContext> options) : IdentityUserContext<User, Guid>(options)
{
    /// <summary>Says that nobody waits for what this context is doing: it is not to be committed.</summary>
    /// <remarks>Not the token of queries: one that is cancelled waits for the database to confirm it.</remarks>
    public CancellationToken CutOff { get; set; }

    public DbSet<Session> Sessions => Set<Session>();

    public DbSet<RefreshToken> RefreshTokens => Set<RefreshToken>();

    public DbSet<Revocation> Revocations => Set<Revocation>();

    public DbSet<SigningKey> SigningKeys => Set<SigningKey>();

    public DbSet<AccountDeletion> Deletions => Set<AccountDeletion>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Entity<User>(user =>
        {
            // Identity indexes addresses; here one address is one account.
            user.HasIndex(row => row.NormalizedEmail).IsUnique();
        });
        builder.Entity<Session>(session =>
        {
            session.HasOne<User>().WithMany().HasForeignKey(row => row.UserId).OnDelete(DeleteBehavior.Cascade);
            session.HasIndex(row => row.ExpiresAt);
        });
        builder.Entity<RefreshToken>(token =>
        {
            token.HasKey(row => row.Hash);
            token.HasOne<Session>().WithMany().HasForeignKey(row => row.SessionId).OnDelete(DeleteBehavior.Cascade);
            token.HasIndex(row => row.ExpiresAt);
        });
        builder.Entity<Revocation>(revocation =>
        {
            revocation.HasKey(row => row.SessionId);
            revocation.HasIndex(row => row.RevokedAt);
        });
        builder.Entity<SigningKey>().HasKey(row => row.Id);
        builder.Entity<AccountDeletion>(deletion =>
        {
            deletion.HasKey(row => row.User);
            deletion.HasIndex(row => row.NextTryAt);
        });
    }
}
