namespace ImageEditor.ServiceDefaults.Http;

/// <summary>A call that the service answers when there is something to answer, as a rule not soon.</summary>
/// <remarks>That it waits is no sign of a silent service, so it has the service probed less often than other calls that wait.</remarks>
public static class LongPoll
{
    private static readonly HttpRequestOptionsKey<bool> Mark = new("ImageEditor.LongPoll");

    /// <summary>Makes a call a long poll.</summary>
    /// <returns>The same request.</returns>
    public static HttpRequestMessage AsLongPoll(this HttpRequestMessage request)
    {
        request.Options.Set(Mark, true);
        return request;
    }

    internal static bool IsOne(HttpRequestMessage request) => request.Options.TryGetValue(Mark, out var isOne) && isOne;
}
