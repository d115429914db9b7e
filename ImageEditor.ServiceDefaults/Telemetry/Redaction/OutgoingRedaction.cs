using Microsoft.Extensions.Configuration;

namespace ImageEditor.ServiceDefaults.Telemetry.Redaction;

/// <summary>Redacts telemetry at the one place that all of it passes: the request that sends it out of the process.</summary>
/// <remarks>
/// It redacts what this system, the platform and libraries write, in spans, events, links, records, exceptions, measurements and resources.
/// So code that creates telemetry need not care.
/// </remarks>
internal sealed class OutgoingRedaction
{
    private const string Switch = "Telemetry:Redact";
    private static readonly string[] Endpoints =
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
        "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
    ];

    private readonly SensitiveText _sensitive;

    private OutgoingRedaction(SensitiveText sensitive) => _sensitive = sensitive;

    /// <summary>Reads the configuration's secrets: the installation's keys, and passwords of connection strings.</summary>
    /// <returns>Null when <c>Telemetry:Redact</c> is false, for debugging on one's own machine.</returns>
    /// <exception cref="InvalidOperationException">It is false, and an endpoint is on another machine.</exception>
    public static OutgoingRedaction? From(IConfiguration configuration)
    {
        if (configuration.GetValue(Switch, defaultValue: true))
        {
            return new OutgoingRedaction(SensitiveText.From(configuration));
        }

        foreach (var endpoint in Endpoints)
        {
            if (Uri.TryCreate(configuration[endpoint], UriKind.Absolute, out var address) && !address.IsLoopback)
            {
                throw new InvalidOperationException(
                    $"'{Switch}' is false, and {endpoint} is on another machine: without redaction telemetry may not leave this one. "
                    + "Leave the setting out.");
            }
        }

        return null;
    }

    /// <summary>Creates a client that redacts its export requests.</summary>
    /// <param name="message">The type of its requests.</param>
    /// <param name="timeout">How long a request may take.</param>
    public HttpClient CreateClient(OtlpMessage message, TimeSpan timeout) =>
        new(new Handler(message, _sensitive) { InnerHandler = new SocketsHttpHandler { UseProxy = false, UseCookies = false } })
        {
            Timeout = timeout,
        };

    private sealed class Handler(OtlpMessage message, SensitiveText sensitive) : DelegatingHandler
    {
        /// <summary>A gRPC message begins with a byte that says whether it is compressed, and with its length.</summary>
        private const int GrpcPrefixBytes = 5;

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var content = request.Content!.ReadAsStream(cancellationToken);
            var bytes = new MemoryStream();
            content.CopyTo(bytes);
            Mask(request, bytes.ToArray());
            return base.Send(request, cancellationToken);
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Mask(request, await request.Content!.ReadAsByteArrayAsync(cancellationToken));
            return await base.SendAsync(request, cancellationToken);
        }

        private void Mask(HttpRequestMessage request, byte[] bytes)
        {
            var isGrpc = request.Content!.Headers.ContentType?.MediaType == "application/grpc";
            message.Mask(bytes.AsSpan(isGrpc ? GrpcPrefixBytes : 0), sensitive);
            var masked = new ByteArrayContent(bytes);
            foreach (var (name, values) in request.Content.Headers)
            {
                masked.Headers.TryAddWithoutValidation(name, values);
            }

            request.Content = masked;
        }
    }
}
