using ImageEditor.JobManager.Store;

namespace ImageEditor.JobManager.Jobs;

/// <summary>Responds with a preview, or with 204 when there is none (any more): one that was announced may be gone by the time it is asked for, which is no error.</summary>
/// <param name="blobs">The store.</param>
/// <param name="preview">The preview, if there is one.</param>
internal sealed class PreviewResult(BlobStore blobs, StoredImage? preview) : IResult
{
    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        try
        {
            if (preview is not null)
            {
                await new StoredImageResult(blobs, preview).ExecuteAsync(httpContext);
                return;
            }
        }
        catch (EndOfStreamException) when (!httpContext.Response.HasStarted)
        {
            // It went between the look at the job and the look at the picture.
        }

        httpContext.Response.StatusCode = StatusCodes.Status204NoContent;
        httpContext.Response.Headers.CacheControl = "no-store";
    }
}
