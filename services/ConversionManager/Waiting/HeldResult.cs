using ImageEditor.ConversionManager.Attempts;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Http;

namespace ImageEditor.ConversionManager.Waiting;

/// <summary>Responds with a result that this process has just stored, as the job manager would.</summary>
/// <param name="image">The result.</param>
/// <param name="onDelivered">Called when it was sent whole.</param>
/// <param name="onReleased">Called when it is held no longer.</param>
internal sealed class HeldResult(ConvertedImage image, Action onDelivered, Action onReleased) : IResult
{
    /// <summary>The result's media type.</summary>
    public string MediaType => image.File.ContentType;

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        try
        {
            var response = httpContext.Response;
            response.ContentType = image.File.ContentType;
            response.ContentLength = image.File.Bytes.Length;
            response.Headers.CacheControl = "no-store";
            response.Headers.XContentTypeOptions = "nosniff";
            response.Headers.ContentSecurityPolicy = "sandbox";
            if (image.ResultInfo is { } info)
            {
                response.Headers[ServiceHeaders.ResultInfo] = info;
            }

            await response.Body.WriteAsync(image.File.Bytes, httpContext.RequestAborted);
            if (await response.IsTakenWholeAsync())
            {
                onDelivered();
            }
        }
        finally
        {
            onReleased();
        }
    }
}
