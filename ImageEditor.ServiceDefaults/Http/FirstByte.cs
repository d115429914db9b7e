namespace ImageEditor.ServiceDefaults.Http;

/// <summary>The time that a quick call has until its answer begins (docs/api/internal.md lists the calls that have one).</summary>
/// <remarks>It bounds what a frozen replica can hold: a service that is silent altogether is found out by its health check, for every call alike.</remarks>
public static class FirstByte
{
    /// <summary>For what a service answers from memory, or by one look into its store.</summary>
    public static readonly TimeSpan Quick = TimeSpan.FromSeconds(2);

    private static readonly HttpRequestOptionsKey<TimeSpan> Within = new("ImageEditor.FirstByteWithin");

    /// <summary>Has a call fail with <see cref="FirstByteTimeoutException"/> where its answer does not begin in time.</summary>
    /// <returns>The same request.</returns>
    public static HttpRequestMessage WithFirstByteWithin(this HttpRequestMessage request, TimeSpan time)
    {
        request.Options.Set(Within, time);
        return request;
    }

    /// <summary>The time that a call has; null for as long as its service is up.</summary>
    internal static TimeSpan? Of(HttpRequestMessage request) => request.Options.TryGetValue(Within, out var time) ? time : null;
}
