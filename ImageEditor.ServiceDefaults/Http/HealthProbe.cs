using Microsoft.Extensions.ServiceDiscovery.Http;

namespace ImageEditor.ServiceDefaults.Http;

/// <summary>Asks services whether anybody is there.</summary>
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

            // No connection is used twice: each probe is to meet whatever replica a new connection would.
            PooledConnectionLifetime = TimeSpan.Zero,

            // Probes are left out of traces.
            ActivityHeadersPropagator = null,
        }));
    }

    /// <summary>Sends one probe on a new connection.</summary>
    /// <returns>
    /// Whether an answer began in time, whatever its status. A 503 of <c>/health</c> comes from a replica that starts or drains, or stands for
    /// its store: somebody is there, and will say so, with its reason, to whoever calls. Behind one address it may also be one replica of
    /// several; were it taken for the service, a rolling update would cut off the calls that the others are answering.
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
            // Whatever kept an answer from coming: there was none.
            return false;
        }
    }

    public void Dispose() => _invoker.Dispose();
}
