using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Http;

namespace ImageEditor.JobManager.Jobs;

/// <summary>Responds with an image, read from the store piece by piece.</summary>
/// <param name="blobs">The store.</param>
/// <param name="image">The image; null when there is none.</param>
/// <param name="info">What the converter found, JSON.</param>
/// <param name="extendRetention">Keeps the image in the store while a slow client reads it; called every 5 s.</param>
/// <param name="onDelivered">Called when the image was sent whole.</param>
/// <param name="whenMissing">The response without an image, also when it was removed after the job was read; by default, that there is no
/// such job.</param>
/// <param name="fileName">What the image's file is called, if anything.</param>
internal sealed class StoredImageResult(
    BlobStore blobs, StoredImage? image, string? info = null, Func<Task>? extendRetention = null, Action? onDelivered = null,
    IResult? whenMissing = null, string? fileName = null) : IResult
{
    private static readonly TimeSpan ExtensionInterval = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        if (image is null || !await TryRespondAsync(image, httpContext))
        {
            await (whenMissing ?? JobProblems.JobNotFound).ExecuteAsync(httpContext);
        }
    }

    /// <returns>False when the image is missing, and nothing was sent.</returns>
    private async Task<bool> TryRespondAsync(StoredImage image, HttpContext httpContext)
    {
        await using var chunks = blobs.ReadAsync(image, httpContext.RequestAborted).GetAsyncEnumerator();
        bool more;
        try
        {
            // The first piece is read before the headers are sent: if the store fails now, the response can still be a problem.
            more = await chunks.MoveNextAsync();
        }
        catch (EndOfStreamException)
        {
            return false;
        }

        httpContext.Response.DescribeImage(image.ContentType, image.Length, info, fileName);
        var time = httpContext.RequestServices.GetRequiredService<TimeProvider>();
        var extended = time.GetTimestamp();
        while (more)
        {
            await httpContext.Response.Body.WriteAsync(chunks.Current, httpContext.RequestAborted);
            if (extendRetention is not null && time.GetElapsedTime(extended) > ExtensionInterval)
            {
                await extendRetention();
                extended = time.GetTimestamp();
            }

            more = await chunks.MoveNextAsync();
        }

        // What the connection has taken may still be lost: then the client asks again, before the result makes room for others.
        if (onDelivered is not null && await httpContext.Response.IsTakenWholeAsync())
        {
            onDelivered();
        }

        return true;
    }
}
