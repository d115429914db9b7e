using ImageEditor.AuthManager.Database;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ImageEditor.AuthManager.Credentials;

/// <summary>Gives accounts of earlier releases the key of their address. Any number of replicas may do it at once.</summary>
/// <remarks>Those releases took an address as it was typed but for case, so that its other spellings were other addresses.</remarks>
internal sealed partial class AddressKeyUpgrade(
    DatabaseMigration migration, IServiceScopeFactory scopes, TimeProvider time, ILogger<AddressKeyUpgrade> logger)
    : PeriodicDatabaseWorker(Interval, migration, scopes, time, logger)
{
    // Again, since a replica of an earlier release may run beside this one for a while.
    private static readonly TimeSpan Interval = TimeSpan.FromDays(1);

    protected override async Task WorkAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var database = services.GetRequiredService<AccountsContext>();

        // The key of an address in ASCII was never another one.
        var rows = await database.Users
            .FromSql($"""SELECT * FROM "AspNetUsers" WHERE octet_length("NormalizedEmail") > char_length("NormalizedEmail")""")
            .Select(user => new { user.Id, user.Email, user.NormalizedEmail })
            .ToListAsync(cancellationToken);
        foreach (var row in rows)
        {
            if (EmailAddress.Parse(row.Email) is { } address && address.Key != row.NormalizedEmail)
            {
                await SetKeyAsync(database, row.Id, address.Key, cancellationToken);
            }
        }
    }

    private async Task SetKeyAsync(AccountsContext database, Guid user, string key, CancellationToken cancellationToken)
    {
        try
        {
            await database.Users.Where(row => row.Id == user).ExecuteUpdateAsync(
                row => row.SetProperty(value => value.NormalizedEmail, key).SetProperty(value => value.NormalizedUserName, key),
                cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // Another account has this address in another spelling. Both are kept; each is found by its own spelling.
            Log.Taken(logger, user);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "Account {User} has the address of another account in another spelling; it is found by its own spelling only",
            EventName = "AddressSpelledTwice")]
        public static partial void Taken(ILogger logger, Guid user);
    }
}
