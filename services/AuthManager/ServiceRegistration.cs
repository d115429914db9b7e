using ImageEditor.AuthManager.Accounts;
using ImageEditor.AuthManager.Data;
using ImageEditor.AuthManager.Deletion;
using ImageEditor.AuthManager.Keys;
using ImageEditor.AuthManager.Sessions;
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
    public const string ConnectionName = "accounts";
    private const int LeastProtection = 32;
    private const int ConnectSeconds = 3;
    private const int CommandSeconds = 10;
    private const int MaxRetries = 3;

    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>Adds accounts, sessions, keys and what works on them.</summary>
    /// <returns>The same builder.</returns>
    public static WebApplicationBuilder AddAccounts(this WebApplicationBuilder builder)
    {
        builder.AddNpgsqlDataSource(
            ConnectionName,

            // In place of its check, which makes every replica unready whenever the database is away.
            settings => settings.DisableHealthChecks = true,
            source =>
            {
                // In place of the connection string, in the names of its figures.
                source.Name = ConnectionName;
                source.ConnectionStringBuilder.Timeout = ConnectSeconds;
                source.ConnectionStringBuilder.CommandTimeout = CommandSeconds;
            });
        builder.Services.AddStoreWatch<AccountsProbe>();
        builder.AddServiceClient(StorageManagerClient.Name);
        builder.Services.AddOptions<AccountsOptions>().BindConfiguration(AccountsOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<SessionsOptions>().BindConfiguration(SessionsOptions.Section)
            .Validate(options => options.AreSound, "In 'Sessions', times must be above zero, and AccessLife < RefreshLife <= SessionLife.")
            .ValidateOnStart();
        builder.Services.AddOptions<KeysOptions>().BindConfiguration(KeysOptions.Section)
            .Validate(options => options.Protection.Length >= LeastProtection, $"'Keys:Protection' must be a secret of at least {LeastProtection} characters, the same for all replicas. The AppHost generates it.")
            .Validate(options => options.AreSound, "In 'Keys', ReloadInterval < Overlap < Rotation must hold.")
            .ValidateOnStart();
        return builder.AddAccountServices();
    }

    private static WebApplicationBuilder AddAccountServices(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddDbContext<AccountsContext>((provider, context) => context.UseNpgsql(
            provider.GetRequiredService<NpgsqlDataSource>(), npgsql => npgsql.EnableRetryOnFailure(MaxRetries, MaxRetryDelay, errorCodesToAdd: null)));
        services.AddSingleton(typeof(DatabaseCalls<>));
        services.AddSingleton<DatabaseMigration>();
        services.AddHostedService(provider => provider.GetRequiredService<DatabaseMigration>());

        services.AddSingleton<ILookupNormalizer, UpperInvariantLookupNormalizer>();
        services.AddSingleton<IPasswordHasher<User>>(provider => new PasswordHasher<User>(Options.Create(new PasswordHasherOptions
        {
            IterationCount = provider.GetRequiredService<IOptions<AccountsOptions>>().Value.HashRounds,
        })));
        services.AddSingleton<NobodysHash>();
        services.AddSingleton<PasswordPolicy>();
        services.AddScoped<AccountService>();
        services.AddSingleton<PasswordWarmUp>();
        services.AddHostedService(provider => provider.GetRequiredService<PasswordWarmUp>());
        services.AddHealthChecks().AddOnce<PasswordWarmUp>("passwords", warmUp => warmUp.IsDone, "Passwords cannot be checked in the usual time yet.");

        services.AddSingleton<KeyProtector>();
        services.AddSingleton<KeyRing>();
        services.AddSingleton<AccessTokenIssuer>();
        services.AddHostedService<KeyRotation>();
        services.AddHealthChecks().AddOnce<KeyRing>("signing-keys", ring => ring.IsLoaded, "The signing keys have not been read yet.");

        services.AddScoped<SessionService>();
        services.AddHostedService<SessionCleanUp>();

        services.AddSingleton<DeletionSignal>();
        services.AddSingleton<StorageManagerClient>();
        services.AddHostedService<DeletionDelivery>();
        return builder;
    }
}
