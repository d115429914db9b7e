using Microsoft.Extensions.ServiceDiscovery.Http;

namespace ImageEditor.ServiceDefaults.Http;

/// <summary>Probes services.</summary>
internal sealed class HealthProbe : IDisposable
{
    private const string Path = "/health";
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(500);

    private readonly HttpMessageInvoker _invoker;
    private readonly TimeProvider _time;

    public HealthProbe(IServiceDiscoveryHttpMessageHandlerFactory discovery, TimeProvider time)
    {
        _time = time;
        _invoker = new HttpMessageInvoker(discovery.CreateHandler(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = Timeout,

            // Each probe uses a new connection, which may lead to another replica.
            PooledConnectionLifetime = TimeSpan.Zero,

            // Probes are left out of traces.
            ActivityHeadersPropagator = null,
        }));
    }

    /// <summary>Sends one probe on a new connection.</summary>
    /// <returns>
    /// Whether a response began in time, whatever its status. A replica that starts, drains or has no store answers <c>/health</c> with
    /// 503, and answers calls with 503 and the reason. It may be one replica of several: if it counted for the service, a rolling update
    /// would abort the calls that the others are answering.
    /// </returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<bool> IsAnsweredAsync(Uri service, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Timeout, _time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(service, Path));
            request.Headers.ConnectionClose = true;
            using var response = await _invoker.SendAsync(request, end.Token);
            return true;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever the reason is, there was no response.
            return false;
        }
    }

    public void Dispose() => _invoker.Dispose();
}
