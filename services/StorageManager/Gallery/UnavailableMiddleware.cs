using ImageEditor.ServiceDefaults.Problems;
using ImageEditor.StorageManager.ImageStorage;
using ImageEditor.StorageManager.Metadata;

namespace ImageEditor.StorageManager.Gallery;

internal static partial class UnavailableMiddleware
{
    private static readonly TimeSpan RetryAfterOutage = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryAfterRepair = TimeSpan.FromSeconds(10);

    private static readonly Problem MetadataUnavailable = ProblemTypes.Unavailable.Create(
        "The gallery's database cannot be reached at the moment; what was saved is safe. Try again shortly.", RetryAfterOutage);

    /// <summary>Answers 503 with Retry-After while the database or image storage fails. A response that has begun is aborted.</summary>
    /// <returns>The same application.</returns>
    public static WebApplication UseUnavailableProblems(this WebApplication app)
    {
        var metrics = app.Services.GetRequiredService<GalleryMetrics>();
        app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
            }
            catch (MetadataUnavailableException exception)
            {
                metrics.Failed("metadata");
                Log.Unavailable(app.Logger, exception.Message);
                await RespondAsync(context, MetadataUnavailable);
            }
            catch (ImageStorageException exception)
            {
                metrics.Failed(exception.Fault.ToString());
                if (exception.Fault == StorageFault.Missing)
                {
                    Log.Missing(app.Logger, exception.Message);
                }
                else
                {
                    Log.Unavailable(app.Logger, exception.Message);
                }

                await RespondAsync(context, ToProblem(exception.Fault));
            }
        });
        return app;
    }

    private static Problem ToProblem(StorageFault fault) => fault switch
    {
        StorageFault.Full => ProblemTypes.Unavailable.Create(
            "Image storage is full; what was saved is safe. Whoever runs this installation must free some space.", RetryAfterRepair),
        StorageFault.AccessDenied => ProblemTypes.Unavailable.Create(
            "Image storage refuses access; whoever runs this installation must look at its keys and permissions.", RetryAfterRepair),
        StorageFault.Missing => ProblemTypes.Unavailable.Create(
            "Image storage does not have this image at the moment. Try again later, and tell whoever runs this installation.",
            RetryAfterRepair),
        _ => ProblemTypes.Unavailable.Create(
            "Image storage cannot be reached at the moment; what was saved is safe. Try again shortly.", RetryAfterOutage),
    };

    private static Task RespondAsync(HttpContext context, Problem problem)
    {
        if (context.Response.HasStarted)
        {
            // Half an image must not look like a whole one.
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.Clear();
        return problem.ExecuteAsync(context);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Answered 503: {Reason}", EventName = "Unavailable")]
        public static partial void Unavailable(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Error, "An image that was saved cannot be found: {Reason}", EventName = "ImageMissing")]
        public static partial void Missing(ILogger logger, string reason);
    }
}
