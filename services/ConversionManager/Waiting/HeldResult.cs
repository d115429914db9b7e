using ImageEditor.ConversionManager.Attempts;
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

    /// <summary>What the result's file is called, if anything.</summary>
    public string? FileName { get; set; }

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        try
        {
            var response = httpContext.Response;
            response.DescribeImage(image.File.ContentType, image.File.Bytes.Length, image.ResultInfo, FileName);
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
