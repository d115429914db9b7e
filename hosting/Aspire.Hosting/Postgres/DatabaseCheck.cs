using Aspire.Hosting.ApplicationModel;
using Npgsql;

namespace Aspire.Hosting.Postgres;

/// <summary>Asks a server, or one of its databases, whether it answers.</summary>
internal static class DatabaseCheck
{
    private const string MaintenanceDatabase = "postgres";

    /// <summary>Returns null when the server answered, and what is wrong otherwise.</summary>
    public static Task<string?> OfServerAsync(PostgresServerResource server, CancellationToken cancellationToken) =>
        AskAsync(server, MaintenanceDatabase, "SELECT 1", cancellationToken);

    /// <summary>Returns null when the database answered, and what is wrong otherwise. A database that is not there is created.</summary>
    public static async Task<string?> OfDatabaseAsync(PostgresDatabaseResource database, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync(database.Parent, database.DatabaseName, "SELECT 1", cancellationToken);
        }
        catch (PostgresException missing) when (missing.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            await CreateAsync(database, cancellationToken);
            return await AskAsync(database.Parent, database.DatabaseName, "SELECT 1", cancellationToken);
        }
    }

    private static async Task CreateAsync(PostgresDatabaseResource database, CancellationToken cancellationToken)
    {
        var name = new NpgsqlCommandBuilder().QuoteIdentifier(database.DatabaseName);
        try
        {
            await AskAsync(database.Parent, MaintenanceDatabase, $"CREATE DATABASE {name}", cancellationToken);
        }
        catch (PostgresException there) when (there.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // Somebody else was faster.
        }
    }

    private static async Task<string?> AskAsync(PostgresServerResource server, string database, string sql, CancellationToken cancellationToken)
    {
        // Without a pool: a check opens a connection, which is the question, and leaves none behind.
        var address = new NpgsqlConnectionStringBuilder
        {
            Host = server.PrimaryEndpoint.Host,
            Port = server.PrimaryEndpoint.Port,
            Username = server.UserName,
            Password = server.PasswordParameter.Value,
            Database = database,
            Pooling = false,
        };
        try
        {
            await using var connection = new NpgsqlConnection(address.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteScalarAsync(cancellationToken);
            return null;
        }
        catch (PostgresException wrong) when (wrong.SqlState is PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification)
        {
            return $"{wrong.MessageText}: the data was made with another user name or password. Give that one ('{server.PasswordParameter.Name}'), or remove the data.";
        }
    }
}
