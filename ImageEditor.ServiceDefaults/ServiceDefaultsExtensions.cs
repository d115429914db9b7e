using System.Globalization;
using ImageEditor.ServiceDefaults.Configuration;
using ImageEditor.ServiceDefaults.Health;
using ImageEditor.ServiceDefaults.Http;
using ImageEditor.ServiceDefaults.OpenApi;
using ImageEditor.ServiceDefaults.Problems;
using ImageEditor.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.Hosting;

/// <summary>The defaults of every service and every .NET converter.</summary>
public static class ServiceDefaultsExtensions
{
    private const string LivenessTag = "live";

    /// <summary>.NET's own setting of the time that a host has to stop.</summary>
    private const string ShutdownTimeoutSetting = "shutdownTimeoutSeconds";

    /// <summary>Bytes of method and address: parameters travel there, and twice 200 boxes on a picture take 14 KB.</summary>
    private const int MaxRequestLineSize = 32 << 10;

    /// <summary>Longer than any response should take, and shorter than orchestrators wait until they kill.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(25);

    /// <summary>
    /// Adds telemetry, health checks, service discovery, HTTP clients that know when a service is down, problem details, OpenAPI and
    /// graceful shutdown.
    /// </summary>
    /// <returns>The same builder.</returns>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        // A process with ICU would write numbers as the machine's language does.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;

        builder.AddTelemetry();
        builder.Services.AddHealthChecks()
            .AddCheck("self", () => HealthCheckResult.Healthy(), [LivenessTag])
            .AddCheck<DrainingCheck>("draining");
        builder.Services.AddProblemResponses();
        builder.Services.AddOpenApiDocuments();
        builder.Services.AddServiceCalls();
        builder.Services.AddHeaderEncoding();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddValidatedOptions<PictureOptions>(PictureOptions.Section);

        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestLineSize = MaxRequestLineSize);

        // Workers stop concurrently: one that finishes its work must not let another go on claiming.
        builder.Services.Configure<HostOptions>(options =>
        {
            options.ShutdownTimeout = builder.Configuration[ShutdownTimeoutSetting] is null ? ShutdownTimeout : options.ShutdownTimeout;
            options.ServicesStopConcurrently = true;
        });
        return builder;
    }

    /// <summary>Adds OpenAPI documents of parts of a service, each of the calls below <c>/{part}</c>.</summary>
    public static void AddOpenApiDocuments(this WebApplicationBuilder builder, IEnumerable<string> parts)
    {
        foreach (var part in parts)
        {
            builder.Services.AddOpenApiDocumentOf(part);
        }
    }

    /// <summary>Maps the documents of <see cref="AddOpenApiDocuments"/>: <c>/{part}/openapi/internal.json</c>.</summary>
    public static void MapOpenApiDocuments(this WebApplication app) => app.MapOpenApi("/{documentName}/openapi/internal.json");

    /// <summary>
    /// Maps <c>/health</c> (ready for work), <c>/alive</c> (the process runs) and <c>/openapi/{document}.json</c>, and answers every error
    /// as a problem.
    /// </summary>
    /// <remarks>Health is mapped in every environment: the probes of a cluster need it in production.</remarks>
    /// <returns>The same application.</returns>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.UseProblemResponses();
        app.MapHealthChecks("/health").ShortCircuit();
        app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = check => check.Tags.Contains(LivenessTag) }).ShortCircuit();
        app.MapOpenApi("/openapi/{documentName}.json");
        return app;
    }
}
