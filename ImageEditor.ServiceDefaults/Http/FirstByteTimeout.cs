namespace ImageEditor.ServiceDefaults.Http;

/// <summary>
/// The time that a quick call has until the first byte of its response (docs/api/internal.md lists the calls that have one).
/// </summary>
/// <remarks>
/// It bounds how long a frozen replica can delay a call. The health check finds out that a whole service is silent, for every call.
/// </remarks>
public static class FirstByteTimeout
{
    /// <summary>For calls that a service answers from memory, or with one query of its store.</summary>
    public static readonly TimeSpan Quick = TimeSpan.FromSeconds(2);

    private static readonly HttpRequestOptionsKey<TimeSpan> Timeout = new("ImageEditor.FirstByteTimeout");

    /// <summary>Makes a call fail with <see cref="FirstByteTimeoutException"/> when its response does not begin in time.</summary>
    /// <returns>The same request.</returns>
    public static HttpRequestMessage WithFirstByteTimeout(this HttpRequestMessage request, TimeSpan timeout)
    {
        request.Options.Set(Timeout, timeout);
        return request;
    }

    /// <returns>Null for a call that waits as long as its service is up.</returns>
    internal static TimeSpan? Read(HttpRequestMessage request) => request.Options.TryGetValue(Timeout, out var timeout) ? timeout : null;
}
