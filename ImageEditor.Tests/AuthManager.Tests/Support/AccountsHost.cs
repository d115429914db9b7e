using ImageEditor.AuthManager.Accounts;
using ImageEditor.AuthManager.Credentials;
using ImageEditor.AuthManager.Database;
using ImageEditor.AuthManager.Database.Entities;
using ImageEditor.AuthManager.Keys;
using ImageEditor.AuthManager.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace ImageEditor.AuthManager.Tests.Support;

/// <summary>AuthManager's own services on a real database, inside the test: the test decides the time and counts the hashing.</summary>
internal sealed class AccountsHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private AccountsHost(WebApplication app, FakeTimeProvider time, CountingHasher hasher) => (_app, Time, Hasher) = (app, time, hasher);

    public FakeTimeProvider Time { get; }

    public CountingHasher Hasher { get; }

    public KeyRing Keys => _app.Services.GetRequiredService<KeyRing>();

    /// <summary>Builds the services; the database is not touched yet.</summary>
    public static AccountsHost Create(
        string database, FakeTimeProvider? time = null, string encryptionSecret = "a secret of this test's installation")
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:accounts"] = database,
            ["InternalKey"] = "key",
            ["Keys:EncryptionSecret"] = encryptionSecret,
        });
        builder.Logging.ClearProviders();
        builder.AddServiceDefaults();
        builder.AddAccounts();
        var clock = time ?? new FakeTimeProvider(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));
        var hasher = new CountingHasher();
        builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
        builder.Services.Replace(ServiceDescriptor.Singleton<IPasswordHasher<User>>(hasher));
        return new AccountsHost(builder.Build(), clock, hasher);
    }

    /// <summary>Builds the services, brings the database up to date and reads the keys.</summary>
    public static async Task<AccountsHost> StartAsync(string database, FakeTimeProvider? time = null)
    {
        var host = Create(database, time);
        await host.MigrateAsync();
        await host.ReloadKeysAsync();
        return host;
    }

    /// <summary>Brings the database up to date, as every replica does when it starts.</summary>
    public async Task MigrateAsync()
    {
        var migration = _app.Services.GetRequiredService<DatabaseMigration>();
        await migration.StartAsync(TestContext.Current.CancellationToken);
        await migration.Completed.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        await migration.StopAsync(TestContext.Current.CancellationToken);
    }

    public Task ReloadKeysAsync() => UseAsync<AccountsContext, bool>(async database =>
    {
        await Keys.RotateAndReloadAsync(database, TestContext.Current.CancellationToken);
        return true;
    });

    public Task<T> AccountsAsync<T>(Func<AccountService, Task<T>> use) => UseAsync(use);

    public Task<T> PasswordsAsync<T>(Func<PasswordVerifier, Task<T>> use) => UseAsync(use);

    public Task<T> SessionsAsync<T>(Func<SessionService, Task<T>> use) => UseAsync(use);

    public Task<T> DatabaseAsync<T>(Func<AccountsContext, Task<T>> use) => UseAsync(use);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<TResult> UseAsync<TService, TResult>(Func<TService, Task<TResult>> use)
        where TService : notnull
    {
        await using var scope = _app.Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<TService>());
    }
}

/// <summary>Hashes as Identity does, and counts.</summary>
internal sealed class CountingHasher : IPasswordHasher<User>
{
    private readonly PasswordHasher<User> _inner = new();

    public int Verified { get; private set; }

    public string HashPassword(User user, string password) => _inner.HashPassword(user, password);

    public PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
    {
        Verified++;
        return _inner.VerifyHashedPassword(user, hashedPassword, providedPassword);
    }
}
