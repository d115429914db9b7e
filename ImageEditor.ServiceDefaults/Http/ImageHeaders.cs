using ImageEditor.ServiceDefaults.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ImageEditor.ServiceDefaults.Http;

/// <summary>The headers of responses that are images of jobs, the same whichever service sends them.</summary>
public static class ImageHeaders
{
    /// <summary>Describes the image that is the body, and keeps it from being stored, or taken for anything but an image.</summary>
    /// <param name="response">The response, not begun yet.</param>
    /// <param name="contentType">The image's type.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <param name="info">What the converter found, JSON; null when there is nothing.</param>
    /// <param name="fileName">
    /// What its file is called where a client keeps it, if anything. Clients that know no <c>filename*</c> get an ASCII likeness of it.
    /// </param>
    public static void DescribeImage(
        this HttpResponse response, string contentType, long length, string? info = null, string? fileName = null)
    {
        response.ContentType = contentType;
        response.ContentLength = length;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "sandbox";
        if (info is not null)
        {
            response.Headers[ServiceHeaders.ResultInfo] = info;
        }

        if (fileName is not null)
        {
            var disposition = new ContentDispositionHeaderValue("inline");
            disposition.SetHttpFileName(fileName);
            response.Headers.ContentDisposition = disposition.ToString();
        }
    }
}
