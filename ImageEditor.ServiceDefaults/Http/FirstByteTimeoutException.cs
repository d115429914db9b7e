namespace ImageEditor.ServiceDefaults.Http;

/// <summary>A call that is quick had no answer in its time, while the service as a whole is up: one of its replicas may be frozen.</summary>
public sealed class FirstByteTimeoutException(string service, TimeSpan within)
    : HttpRequestException(HttpRequestError.Unknown, $"{service} did not begin to answer within {within.TotalSeconds:0.###} s.")
{
    /// <summary>The service's authority, as in <c>job-manager</c>.</summary>
    public string Service => service;
}
