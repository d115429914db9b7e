namespace ImageEditor.ServiceDefaults.Http;

/// <summary>A quick call got no response in time although its service is up: one of the replicas may be frozen.</summary>
public sealed class FirstByteTimeoutException(string service, TimeSpan timeout)
    : HttpRequestException(HttpRequestError.Unknown, $"{service} did not begin to answer within {timeout.TotalSeconds:0.###} s.")
{
    /// <summary>The service's authority, as in <c>job-manager</c>.</summary>
    public string Service => service;
}
