namespace ImageEditor.ServiceDefaults.Http;

/// <summary>A quick call got no response in time although its service is up: one of the replicas may be frozen.</summary>
public sealed class FirstByteTimeoutException(string service, TimeSpan timeout)
    : HttpRequestException(HttpRequestError.Unknown, $"{service} did not begin to answer within {timeout.TotalSeconds:0.###} s.");
