using ImageEditor.JobManager.Store;

namespace ImageEditor.JobManager.Jobs;

internal static partial class StoreProblems
{
    /// <summary>Responds 503 with Retry-After while the store cannot be reached.</summary>
    /// <returns>The same application.</returns>
    public static WebApplication UseStoreProblems(this WebApplication app)
    {
        app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
            }
            catch (StoreUnavailableException exception) when (!context.Response.HasStarted)
            {
                Log.Unavailable(app.Logger, exception.Message);
                context.Response.Clear();
                await JobProblems.Unavailable.ExecuteAsync(context);
            }
            catch (EndOfStreamException) when (!context.Response.HasStarted)
            {
                // Its life ended between looking at it and reading it.
                context.Response.Clear();
                await JobProblems.JobNotFound.ExecuteAsync(context);
            }
        });
        return app;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Answered 503: {Reason}", EventName = "Unavailable")]
        public static partial void Unavailable(ILogger logger, string reason);
    }
}
