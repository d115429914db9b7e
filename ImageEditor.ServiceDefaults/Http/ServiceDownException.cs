namespace ImageEditor.ServiceDefaults.Http;

/// <summary>A service is down: no replica of it answered its health check. The call was not sent, or got no response.</summary>
/// <remarks>
/// <see cref="HttpRequestException.HttpRequestError"/> is <see cref="HttpRequestError.Unknown"/>, so that this is never taken for a
/// connection that broke in the middle of a response. A retry helps later, and not at once.
/// </remarks>
public sealed class ServiceDownException(string service)
    : HttpRequestException(HttpRequestError.Unknown, $"{service} is down: nothing answers its health check.")
{
    /// <summary>The service's authority, as in <c>job-manager</c>.</summary>
    public string Service => service;
}
