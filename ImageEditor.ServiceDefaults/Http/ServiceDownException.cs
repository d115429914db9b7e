namespace ImageEditor.ServiceDefaults.Http;

/// <summary>A service is down altogether: it was known to be so, or a call waited for its first byte while nothing of it answered any more.</summary>
/// <param name="service">The service's name.</param>
/// <param name="message">What was seen.</param>
/// <param name="inner">What was caught.</param>
public sealed class ServiceDownException(string service, string message, Exception? inner = null) : HttpRequestException(message, inner)
{
    /// <summary>The service's name.</summary>
    public string Service => service;
}
