using System.Net.Sockets;
using Microsoft.Extensions.ServiceDiscovery.Http;

namespace ImageEditor.ServiceDefaults.Http;

/// <summary>Probes services.</summary>
internal sealed class HealthProbe : IDisposable
{
    private const string Path = "/health";
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(500);

    private readonly HttpMessageInvoker _invoker;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _disposed = new();

    public HealthProbe(IServiceDiscoveryHttpMessageHandlerFactory discovery, TimeProvider time)
    {
        _time = time;
        _invoker = new HttpMessageInvoker(discovery.CreateHandler(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = Timeout,
            ConnectCallback = ConnectAsync,

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

    public void Dispose()
    {
        _disposed.Cancel();
        _invoker.Dispose();
        _disposed.Dispose();
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new ProbeStream(socket, _disposed.Token);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A connection that ends with the probes: the HTTP client keeps one that came after its request was cancelled.</summary>
    private sealed class ProbeStream : NetworkStream
    {
        private readonly CancellationTokenRegistration _end;

        public ProbeStream(Socket socket, CancellationToken disposed)
            : base(socket, ownsSocket: true) => _end = disposed.Register(Dispose);

        protected override void Dispose(bool disposing)
        {
            _end.Dispose();
            base.Dispose(disposing);
        }
    }
}
