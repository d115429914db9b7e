using System.Net.Sockets;
using Npgsql;

namespace ImageEditor.AuthManager.Database;

/// <summary>Tells transient errors of the database from others.</summary>
internal static class TransientErrors
{
    /// <summary>
    /// Codes of a server that is not migrated yet, shuts down, becomes the primary, or whose password is changed just now. Npgsql does not
    /// take them for transient.
    /// </summary>
    private static readonly HashSet<string> TransientErrorCodes =
    [
        PostgresErrorCodes.UndefinedTable,
        PostgresErrorCodes.InvalidCatalogName,
        PostgresErrorCodes.AdminShutdown,
        PostgresErrorCodes.CrashShutdown,
        PostgresErrorCodes.ReadOnlySqlTransaction,
        PostgresErrorCodes.InvalidPassword,
        PostgresErrorCodes.InvalidAuthorizationSpecification,
        PostgresErrorCodes.QueryCanceled,
    ];

    /// <summary>Whether an exception says that the database cannot be reached, is busy or is not migrated yet: it may work later.</summary>
    public static bool IsTransient(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is PostgresException error)
            {
                return error.IsTransient || TransientErrorCodes.Contains(error.SqlState);
            }

            if (cause is NpgsqlException or SocketException or TimeoutException)
            {
                return true;
            }
        }

        return false;
    }
}
