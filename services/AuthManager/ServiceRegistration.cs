using ImageEditor.AuthManager.AccountDeletion;
using ImageEditor.AuthManager.Accounts;
using ImageEditor.AuthManager.Clients;
using ImageEditor.AuthManager.Credentials;
using ImageEditor.AuthManager.Database;
using ImageEditor.AuthManager.Database.Entities;
using ImageEditor.AuthManager.Keys;
using ImageEditor.AuthManager.Sessions;
using ImageEditor.ServiceDefaults.Configuration;
using ImageEditor.ServiceDefaults.Health;
using ImageEditor.ServiceDefaults.Http;
using ImageEditor.ServiceDefaults.Stores;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ImageEditor.AuthManager;

internal static class ServiceRegistration
{
    private const int MaxRetries = 3;

    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>Adds the services of accounts, sessions and keys.</summary>
    /// <returns>The same builder.</returns>
    public static WebApplicationBuilder AddAccounts(this WebApplicationBuilder builder)
    {
        builder.AddNpgsqlDataSource(
            AccountsContext.ConnectionName,

            // This service has its own check. The library's check makes every replica unready whenever the database is away.
            settings => settings.DisableHealthChecks = true,
            source => source.ApplyServiceDefaults(AccountsContext.ConnectionName));
        builder.Services.AddPostgresWatch(AccountsContext.ConnectionName);
        builder.AddServiceClient(StorageManagerClient.ServiceName);
        builder.Services.AddValidatedOptions<CredentialsOptions>(CredentialsOptions.Section);
        builder.Services.AddValidatedOptions<SessionsOptions, SessionsOptionsValidator>(SessionsOptions.Section);
        builder.Services.AddValidatedOptions<KeysOptions, KeysOptionsValidator>(KeysOptions.Section);
        return builder.AddAccountServices();
    }

    private static WebApplicationBuilder AddAccountServices(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddDbContext<AccountsContext>((provider, context) => context.UseNpgsql(
            provider.GetRequiredService<NpgsqlDataSource>(), npgsql =>
                npgsql.EnableRetryOnFailure(MaxRetries, MaxRetryDelay, errorCodesToAdd: null)));
        services.AddSingleton(typeof(DatabaseCalls<>));
        services.AddSingleton<DatabaseMigration>();
        services.AddHostedService(provider => provider.GetRequiredService<DatabaseMigration>());

        services.AddSingleton<IPasswordHasher<User>>(provider => new PasswordHasher<User>(Options.Create(new PasswordHasherOptions
        {
            IterationCount = provider.GetRequiredService<IOptions<CredentialsOptions>>().Value.Pbkdf2Iterations,
        })));
        services.AddSingleton<DecoyPasswordHash>();
        services.AddSingleton<PasswordPolicy>();
        services.AddScoped<PasswordVerifier>();
        services.AddHostedService<AddressKeyUpgrade>();
        services.AddScoped<AccountService>();
        services.AddSingleton<PasswordWarmUp>();
        services.AddHostedService(provider => provider.GetRequiredService<PasswordWarmUp>());
        services.AddHealthChecks().AddReadyOnce<PasswordWarmUp>(
            "passwords", warmUp => warmUp.IsDone, "Passwords cannot be checked in the usual time yet.");

        services.AddSingleton<KeyProtector>();
        services.AddSingleton<KeyRing>();
        services.AddSingleton<AccessTokenIssuer>();
        services.AddHostedService<KeyRotation>();
        services.AddHealthChecks().AddReadyOnce<KeyRing>("signing-keys", ring => ring.IsLoaded, "The signing keys have not been read yet.");

        services.AddScoped<SessionService>();
        services.AddHostedService<SessionCleanUp>();

        services.AddSingleton<OutboxSignal>();
        services.AddSingleton<StorageManagerClient>();
        services.AddHostedService<DeletionOutboxWorker>();
        return builder;
    }
}
