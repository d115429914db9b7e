using ImageEditor.AuthManager.Database.Entities;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace ImageEditor.AuthManager.Database;

/// <summary>The accounts' database.</summary>
internal sealed class AccountsContext(DbContextOptions<AccountsContext> options) : IdentityUserContext<User, Guid>(options)
{
    /// <summary>The name of the connection string.</summary>
    public const string ConnectionName = "accounts";

    /// <summary>Cancelled when the caller was answered already: transactions must not be committed any more.</summary>
    /// <remarks>It is not passed to queries: a query that is cancelled waits for the database to confirm it.</remarks>
    public CancellationToken Abandoned { get; set; }

    public DbSet<Session> Sessions => Set<Session>();

    public DbSet<RefreshToken> RefreshTokens => Set<RefreshToken>();

    public DbSet<Revocation> Revocations => Set<Revocation>();

    public DbSet<SigningKey> SigningKeys => Set<SigningKey>();

    public DbSet<PendingDeletion> Deletions => Set<PendingDeletion>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Entity<User>(user =>
        {
            // Identity's own index allows several accounts with one address.
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
        builder.Entity<SigningKey>(key =>
        {
            key.HasKey(row => row.Id);
            key.Property(row => row.ActiveFrom).HasColumnName("SignsFrom");
        });
        builder.Entity<PendingDeletion>(deletion =>
        {
            deletion.HasKey(row => row.User);
            deletion.HasIndex(row => row.NextTryAt);
        });
    }
}
