using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.JobManager.Jobs;

/// <summary>Responds with an image, read from the store piece by piece.</summary>
/// <param name="blobs">The store.</param>
/// <param name="image">The image.</param>
/// <param name="info">What the converter found, JSON.</param>
/// <param name="touch">Keeps the image in the store while a slow client reads it; called now and then.</param>
internal sealed class StoredImageResult(BlobStore blobs, StoredImage image, string? info = null, Func<Task>? touch = null) : IResult
{
    private static readonly TimeSpan TouchInterval = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await using var chunks = blobs.ReadAsync(image, httpContext.RequestAborted).GetAsyncEnumerator();

        // The first piece before the headers: a store that fails now is still a proper answer.
        var more = await chunks.MoveNextAsync();
        Describe(httpContext.Response);
        var time = httpContext.RequestServices.GetRequiredService<TimeProvider>();
        var touched = time.GetTimestamp();
        while (more)
        {
            await httpContext.Response.Body.WriteAsync(chunks.Current, httpContext.RequestAborted);
            if (touch is not null && time.GetElapsedTime(touched) > TouchInterval)
            {
                await touch();
                touched = time.GetTimestamp();
            }

            more = await chunks.MoveNextAsync();
        }
    }

    private void Describe(HttpResponse response)
    {
        response.ContentType = image.ContentType;
        response.ContentLength = image.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "sandbox";
        if (info is not null)
        {
            response.Headers[ServiceHeaders.ResultInfo] = info;
        }
    }
}
