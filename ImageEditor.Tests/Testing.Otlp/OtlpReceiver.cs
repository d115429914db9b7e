using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ImageEditor.Testing.Otlp;

/// <summary>Takes telemetry by OTLP over gRPC, in the process of a test, and keeps it as it came.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private const string KeyHeader = "x-otlp-api-key";

    private readonly WebApplication _app;
    private readonly Received _received;

    private OtlpReceiver(WebApplication app, Received received, string key) => (_app, _received, Key) = (app, received, key);

    /// <summary>What a sender must know, in the header <c>x-otlp-api-key</c>; others are refused.</summary>
    public string Key { get; }

    /// <summary>Where it takes telemetry.</summary>
    public string Endpoint => _app.Urls.Single();

    /// <summary>Every span that came.</summary>
    public IReadOnlyList<ReceivedSpan> Spans =>
    [
        .. from request in _received.Traces
           from resource in request.Resources
           from scope in resource.Scopes
           from span in scope.Spans
           select new ReceivedSpan(resource.Resource.ServiceName(), scope.Scope.Name, span),
    ];

    /// <summary>Every log record that came.</summary>
    public IReadOnlyList<ReceivedLog> Logs =>
    [
        .. from request in _received.Logs
           from resource in request.Resources
           from scope in resource.Scopes
           from record in scope.Records
           select new ReceivedLog(resource.Resource.ServiceName(), scope.Scope.Name, record),
    ];

    /// <summary>Every metric that came, once for each export.</summary>
    public IReadOnlyList<ReceivedMetric> Metrics =>
    [
        .. from request in _received.Metrics
           from resource in request.Resources
           from scope in resource.Scopes
           from metric in scope.Metrics
           select new ReceivedMetric(resource.Resource.ServiceName(), metric),
    ];

    /// <summary>
    /// All that came, as text: each byte a character, so that whatever is UTF-8 below 128 reads as itself. Fields that this receiver does
    /// not know are in it, too.
    /// </summary>
    public IEnumerable<(string Signal, string Text)> Payloads =>
        _received.Traces.Select(request => ("traces", Read(request)))
            .Concat(_received.Metrics.Select(request => ("metrics", Read(request))))
            .Concat(_received.Logs.Select(request => ("logs", Read(request))));

    /// <summary>Starts a receiver on a port of its own.</summary>
    public static async Task<OtlpReceiver> StartAsync(CancellationToken cancellationToken = default)
    {
        var key = Guid.NewGuid().ToString("N");
        var received = new Received();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, port => port.Protocols = HttpProtocols.Http2));
        builder.Services.AddRoutingCore();
        builder.Services.AddLogging(logging => logging.ClearProviders());
        builder.Services.AddSingleton(received);
        builder.Services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = null;
            grpc.Interceptors.Add<KeyCheck>(key);
        });
        var app = builder.Build();
        app.UseRouting();
        app.MapGrpcService<Traces>();
        app.MapGrpcService<Metric>();
        app.MapGrpcService<LogRecords>();
        await app.StartAsync(cancellationToken);
        return new OtlpReceiver(app, received, key);
    }

    /// <summary>What a process needs in its environment to send its telemetry here, soon after it happens.</summary>
    /// <param name="service">What it is called.</param>
    public IReadOnlyDictionary<string, string> EnvironmentOf(string service)
    {
        var soon = 500.ToString(CultureInfo.InvariantCulture);
        return new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Endpoint,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc",
            ["OTEL_EXPORTER_OTLP_HEADERS"] = $"{KeyHeader}={Key}",
            ["OTEL_SERVICE_NAME"] = service,
            ["OTEL_METRIC_EXPORT_INTERVAL"] = soon,
            ["OTEL_BSP_SCHEDULE_DELAY"] = soon,
            ["OTEL_BLRP_SCHEDULE_DELAY"] = soon,
        };
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static string Read(IMessage message) => Encoding.Latin1.GetString(message.ToByteArray());

    private sealed class Received
    {
        public ConcurrentQueue<ExportTraceServiceRequest> Traces { get; } = [];

        public ConcurrentQueue<ExportMetricsServiceRequest> Metrics { get; } = [];

        public ConcurrentQueue<ExportLogsServiceRequest> Logs { get; } = [];
    }

    private sealed class KeyCheck(string key) : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
            context.RequestHeaders.GetValue(KeyHeader) == key
                ? continuation(request, context)
                : throw new RpcException(new Status(StatusCode.Unauthenticated, "The key is missing."));
    }

    private sealed class Traces(Received received) : TraceService.TraceServiceBase
    {
        public override Task<Taken> Export(ExportTraceServiceRequest request, ServerCallContext context) => Keep(received.Traces, request);
    }

    private sealed class Metric(Received received) : MetricsService.MetricsServiceBase
    {
        public override Task<Taken> Export(ExportMetricsServiceRequest request, ServerCallContext context) =>
            Keep(received.Metrics, request);
    }

    private sealed class LogRecords(Received received) : LogsService.LogsServiceBase
    {
        public override Task<Taken> Export(ExportLogsServiceRequest request, ServerCallContext context) => Keep(received.Logs, request);
    }

    private static Task<Taken> Keep<T>(ConcurrentQueue<T> queue, T request)
    {
        queue.Enqueue(request);
        return Task.FromResult(new Taken());
    }
}
