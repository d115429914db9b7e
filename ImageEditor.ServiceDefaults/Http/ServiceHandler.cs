namespace ImageEditor.ServiceDefaults.Http;

/// <summary>
/// Sends calls to a service, and aborts them when the service is down or their time is over. It retries a refused connection once.
/// </summary>
/// <remarks>
/// Nothing was sent on a refused connection, so the retry is safe for every method, and may reach another replica. The caller decides about
/// every later failure. This is the outermost handler for HTTP clients and for the proxy; the handlers below resolve the service's name.
/// </remarks>
internal sealed class ServiceHandler(ServiceMonitors monitors) : DelegatingHandler
{
    /// <exception cref="ServiceDownException">The service is down, or went down while the call waited for its response.</exception>
    /// <exception cref="FirstByteTimeoutException">The response did not begin in time.</exception>
    /// <exception cref="HttpRequestException">No connection could be made, or it broke.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var monitor = monitors.Get(request.RequestUri ?? throw new InvalidOperationException("A request needs an address."));
        var call = monitor.Begin(FirstByteTimeout.Read(request), LongPoll.IsOne(request), cancellationToken);
        var answered = false;
        try
        {
            var response = await SendWithRetryAsync(request, call.Value.Token);
            answered = true;
            return response;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested && call.Value.AbortReason is { } reason)
        {
            throw reason;
        }
        finally
        {
            monitor.End(call, answered);
        }
    }

    private async Task<HttpResponseMessage> SendWithRetryAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await SendOnceAsync(request, cancellationToken);
        }
        catch (HttpRequestException exception)
            when (exception.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                && !cancellationToken.IsCancellationRequested)
        {
            return await SendOnceAsync(request, cancellationToken);
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (OperationCanceledException exception)
            when (exception.InnerException is TimeoutException timeout && !cancellationToken.IsCancellationRequested)
        {
            // The connect timeout expired: a machine that is gone refuses no connection.
            throw new HttpRequestException(
                HttpRequestError.ConnectionError, $"No connection to {request.RequestUri?.Authority} could be made in time.", timeout);
        }
    }
}
