using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ImageEditor.ServiceDefaults.Http;

/// <summary>Says under which name a response is kept as a file.</summary>
public static class DownloadName
{
    /// <summary>Names the file, for a client that keeps what it would otherwise show.</summary>
    /// <param name="response">The response, not begun yet.</param>
    /// <param name="fileName">The name; clients that know no <c>filename*</c> get an ASCII likeness of it.</param>
    public static void NameFile(this HttpResponse response, string fileName)
    {
        var disposition = new ContentDispositionHeaderValue("inline");
        disposition.SetHttpFileName(fileName);
        response.Headers.ContentDisposition = disposition.ToString();
    }
}
