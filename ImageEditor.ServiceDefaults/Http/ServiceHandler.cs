namespace ImageEditor.ServiceDefaults.Http;

/// <summary>Sends a service's calls, for as long as the service is not down and their time is not over; a refused connection is tried once more.</summary>
/// <remarks>
/// A connection that was not made carried nothing, so the second try is safe for every method, and may meet another replica. Whatever fails later is the
/// caller's to decide. It is the outermost handler for HTTP clients and the proxy alike; what sends is below, with the service's name still to be resolved.
/// </remarks>
internal sealed class ServiceHandler(ServiceMonitors monitors) : DelegatingHandler
{
    /// <exception cref="ServiceDownException">The service is down, or was found to be while its answer was waited for.</exception>
    /// <exception cref="FirstByteTimeoutException">The answer did not begin in the call's time.</exception>
    /// <exception cref="HttpRequestException">No connection could be made, or it broke.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var monitor = monitors.Of(request.RequestUri ?? throw new InvalidOperationException("A request needs an address."));
        var call = monitor.Begin(FirstByte.Of(request), cancellationToken);
        var answered = false;
        try
        {
            var response = await SendTwiceIfRefusedAsync(request, call.Value.Token);
            answered = true;
            return response;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested && call.Value.CutOffBy is { } reason)
        {
            throw reason;
        }
        finally
        {
            monitor.End(call, answered);
        }
    }

    private async Task<HttpResponseMessage> SendTwiceIfRefusedAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await SendOnceAsync(request, cancellationToken);
        }
        catch (HttpRequestException exception)
            when (exception.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError && !cancellationToken.IsCancellationRequested)
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
        catch (OperationCanceledException exception) when (exception.InnerException is TimeoutException late && !cancellationToken.IsCancellationRequested)
        {
            // The time to connect ran out: a machine that is gone refuses nothing.
            throw new HttpRequestException(HttpRequestError.ConnectionError, $"No connection to {request.RequestUri?.Authority} could be made in time.", late);
        }
    }
}
