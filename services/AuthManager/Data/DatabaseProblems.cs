using System.Net.Sockets;
using ImageEditor.AuthManager.Keys;
using ImageEditor.ServiceDefaults.Problems;
using Npgsql;

namespace ImageEditor.AuthManager.Data;

internal static partial class DatabaseProblems
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>What a server says that is not migrated yet, shuts down, takes over as primary, or whose password is being changed.</summary>
    private static readonly HashSet<string> Passing =
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

    /// <summary>Answers 503 with Retry-After while the database cannot be reached, or is not up to date yet.</summary>
    /// <returns>The same application.</returns>
    public static WebApplication UseDatabaseProblems(this WebApplication app)
    {
        app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
            }
            catch (Exception exception) when (!context.Response.HasStarted && (exception is SigningKeysUnavailableException || IsUnavailable(exception)))
            {
                Log.Unavailable(app.Logger, exception.GetBaseException().Message);
                context.Response.Clear();
                await ProblemTypes.Unavailable.Create("Accounts cannot be reached at the moment; try again shortly. Conversions work without signing in.", RetryAfter).ExecuteAsync(context);
            }
        });
        return app;
    }

    /// <summary>Whether an exception says that the database is away, busy or not yet migrated: it may work later.</summary>
    public static bool IsUnavailable(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is PostgresException answer)
            {
                return answer.IsTransient || Passing.Contains(answer.SqlState);
            }

            if (cause is NpgsqlException or SocketException or TimeoutException)
            {
                return true;
            }
        }

        return false;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Answered 503: {Reason}", EventName = "Unavailable")]
        public static partial void Unavailable(ILogger logger, string reason);
    }
}
