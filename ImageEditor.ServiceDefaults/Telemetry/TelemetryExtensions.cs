using ImageEditor.ServiceDefaults.Telemetry.Redaction;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ImageEditor.ServiceDefaults.Telemetry;

internal static class TelemetryExtensions
{
    /// <summary>Meters and activity sources of this system are named so, and are all collected.</summary>
    private const string OwnSources = "ImageEditor.*";

    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Collects traces, metrics and logs; they leave by OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set, and nowhere otherwise.</summary>
    /// <exception cref="InvalidOperationException">Telemetry is not to be redacted, and would leave this machine.</exception>
    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        // The framework logs an address per request, and addresses hold job ids; what matters is logged by the services themselves.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);
        builder.Logging.AddFilter("Polly", LogLevel.Warning);

        // Whoever probes is told what is amiss. That a service which starts is not ready yet is no error to be found in red on the dashboard.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        if (string.IsNullOrEmpty(builder.Configuration[Endpoint]))
        {
            return;
        }

        var redaction = OutgoingRedaction.From(builder.Configuration);
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;

            // The framework's scope holds each request's whole path: too much for every record, redacted or not.
            logging.IncludeScopes = false;
            logging.AddOtlpExporter(exporter => Send(exporter, OtlpSchema.Logs, redaction));
        });
        builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter(OwnSources)
                .AddOtlpExporter(exporter => Send(exporter, OtlpSchema.Metrics, redaction)))
            .WithTracing(tracing => tracing
                .SetSampler(new ParentBasedSampler(new RequestedWork()))
                .AddSource(OwnSources)
                .AddAspNetCoreInstrumentation(options => options.Filter = context => !IsProbe(context.Request.Path))
                .AddHttpClientInstrumentation(options => options.FilterHttpRequestMessage = request => !IsProbe(request.RequestUri?.AbsolutePath))
                .AddOtlpExporter(exporter => Send(exporter, OtlpSchema.Traces, redaction)));
    }

    private static void Send(OtlpExporterOptions exporter, OtlpMessage message, OutgoingRedaction? redaction)
    {
        if (redaction is not null)
        {
            // What is compressed cannot be looked through.
            exporter.Compression = OtlpExportCompression.None;
            exporter.HttpClientFactory = () => redaction.CreateClient(message, TimeSpan.FromMilliseconds(exporter.TimeoutMilliseconds));
        }
    }

    private static bool IsProbe(PathString path) =>
        path.StartsWithSegments("/health", StringComparison.Ordinal) || path.StartsWithSegments("/alive", StringComparison.Ordinal);
}
