using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Processes;

/// <summary>Tells projects where their telemetry goes, when the AppHost was told.</summary>
internal static class OtlpExtensions
{
    public static IResourceBuilder<T> WithOtlp<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEnvironment
    {
        var configuration = builder.ApplicationBuilder.Configuration;
        var isDevelopment = builder.ApplicationBuilder.Environment.IsDevelopment();
        return builder.WithEnvironment(context =>
        {
            var endpoint = configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]
                ?? configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"]
                ?? configuration["DOTNET_DASHBOARD_OTLP_ENDPOINT_URL"];
            if (string.IsNullOrEmpty(endpoint))
            {
                return;
            }

            var variables = context.EnvironmentVariables;
            variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint;
            variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] ?? "grpc";
            variables["OTEL_SERVICE_NAME"] = context.Resource.Name;
            variables["OTEL_RESOURCE_ATTRIBUTES"] = new InstanceAttribute();
            variables["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
            if (Headers(configuration) is { } headers)
            {
                variables["OTEL_EXPORTER_OTLP_HEADERS"] = headers;
            }

            if (isDevelopment)
            {
                // What a developer does shows at once.
                variables["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
                variables["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
                variables["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
                variables["OTEL_TRACES_SAMPLER"] = "always_on";
                variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
            }
        });
    }

    private static string? Headers(ConfigurationManager configuration) =>
        configuration["OTEL_EXPORTER_OTLP_HEADERS"]
            ?? (configuration["AppHost:OtlpApiKey"] is { } key ? $"x-otlp-api-key={key}" : null);

    private sealed class InstanceAttribute : IValueProvider
    {
        public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => GetValueAsync(new ValueProviderContext(), cancellationToken);

        public ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult<string?>($"service.instance.id={new Replica(context.Caller!, context.Replica).Id}");
    }
}
