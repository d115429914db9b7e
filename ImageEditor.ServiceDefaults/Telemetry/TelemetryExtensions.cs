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

    /// <summary>Sends traces, metrics and logs by OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set, and nothing otherwise.</summary>
    /// <exception cref="InvalidOperationException">Telemetry is not redacted, and would leave this machine.</exception>
    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        // The framework logs an address per request, and addresses contain job ids. Services log what matters themselves.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);
        builder.Logging.AddFilter("Polly", LogLevel.Warning);

        // The response of a probe says what is wrong. A service that starts and is not ready yet is not an error on the dashboard.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        if (string.IsNullOrEmpty(builder.Configuration[Endpoint]))
        {
            return;
        }

        var redaction = OutgoingRedaction.From(builder.Configuration);
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;

            // The framework's scope contains the path of the request, which is too much for every record.
            logging.IncludeScopes = false;
            logging.AddOtlpExporter(exporter => Send(exporter, OtlpSchema.Logs, redaction));
        });
        builder.Services.AddHostedService<LastTelemetry>();
        builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter(OwnSources)
                .AddOtlpExporter(exporter => Send(exporter, OtlpSchema.Metrics, redaction)))
            .WithTracing(tracing => tracing
                .SetSampler(new ParentBasedSampler(new RequestedWorkSampler()))
                .AddSource(OwnSources)
                .AddAspNetCoreInstrumentation(options => options.Filter = context => !IsProbe(context.Request.Path))
                .AddHttpClientInstrumentation(
                    options => options.FilterHttpRequestMessage = request => !IsProbe(request.RequestUri?.AbsolutePath))
                .AddOtlpExporter(exporter => Send(exporter, OtlpSchema.Traces, redaction)));
    }

    private static void Send(OtlpExporterOptions exporter, OtlpMessage message, OutgoingRedaction? redaction)
    {
        if (redaction is not null)
        {
            // Compressed requests cannot be redacted.
            exporter.Compression = OtlpExportCompression.None;
            exporter.HttpClientFactory = () => redaction.CreateClient(message, TimeSpan.FromMilliseconds(exporter.TimeoutMilliseconds));
        }
    }

    private static bool IsProbe(PathString path) =>
        path.StartsWithSegments("/health", StringComparison.Ordinal) || path.StartsWithSegments("/alive", StringComparison.Ordinal);
}
