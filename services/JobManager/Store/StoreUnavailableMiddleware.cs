using ImageEditor.ServiceDefaults.Problems;

namespace ImageEditor.JobManager.Store;

internal static partial class StoreUnavailableMiddleware
{
    private static readonly Problem Unavailable = ProblemTypes.Unavailable.Create(
        "Jobs cannot be reached at the moment; those that were accepted are safe. Try again shortly.", retryAfter: TimeSpan.FromSeconds(1));

    /// <summary>Responds 503 with Retry-After while the store cannot be reached.</summary>
    /// <returns>The same application.</returns>
    public static WebApplication UseStoreUnavailable(this WebApplication app)
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
                await Unavailable.ExecuteAsync(context);
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
