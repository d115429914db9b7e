using ImageEditor.ServiceDefaults.Problems;
using ImageEditor.StorageManager.ImageStorage;
using ImageEditor.StorageManager.Metadata;
using ImageEditor.StorageManager.Telemetry;

namespace ImageEditor.StorageManager.Api;

internal static partial class StorageProblems
{
    /// <summary>Answers 503 with Retry-After while database or image storage do not do what they are asked to. An answer that has begun is broken off.</summary>
    /// <returns>The same application.</returns>
    public static WebApplication UseStorageProblems(this WebApplication app)
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
                await AnswerAsync(context, Answers.MetadataUnavailable);
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

                await AnswerAsync(context, Answers.StorageUnavailable(exception.Fault));
            }
        });
        return app;
    }

    private static Task AnswerAsync(HttpContext context, Problem problem)
    {
        if (context.Response.HasStarted)
        {
            // Half an answer must not look like a whole one.
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
