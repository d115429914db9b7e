using System.Threading.RateLimiting;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace ImageEditor.Gateway.Limits;

/// <summary>Rate limits per client address, and the size of bodies. The policies' names are those of the routes in appsettings.json.</summary>
internal static class RequestLimits
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WhenStreamsAreTaken = TimeSpan.FromSeconds(5);

    public static void AddRequestLimits(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<LimitOptions>()
            .BindConfiguration(LimitOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();

        // The limit is set per request: past the server's own, it hangs up on a client that is still sending, and that client never reads why.
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        builder.Services.AddRateLimiter();
        builder.Services.AddOptions<RateLimiterOptions>().Configure<IOptions<LimitOptions>>(Configure);
    }

    public static WebApplication UseRequestLimits(this WebApplication app)
    {
        var maxBytes = app.Services.GetRequiredService<IOptions<LimitOptions>>().Value.MaxRequestBytes;
        app.Use((context, next) =>
        {
            if (context.Request.ContentLength > maxBytes)
            {
                return ProblemTypes.TooLarge.With($"A request may have at most {maxBytes / 1_000_000} MB here; send a smaller image.").ExecuteAsync(context);
            }

            context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = maxBytes;
            return next(context);
        });
        app.UseRateLimiter();
        return app;
    }

    private static void Configure(RateLimiterOptions rates, IOptions<LimitOptions> limits)
    {
        rates.AddPolicy("submissions", context => PerSecond(context, limits.Value.SubmissionsPerSecond));
        rates.AddPolicy("reads", context => PerSecond(context, limits.Value.ReadsPerSecond));
        rates.AddPolicy("streams", context => RateLimitPartition.GetConcurrencyLimiter(
            Address(context), _ => new ConcurrencyLimiterOptions { PermitLimit = limits.Value.Streams }));
        rates.OnRejected = async (rejected, _) =>
        {
            var isRate = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait);
            await ProblemTypes.RateLimited
                .With(
                    isRate
                        ? "Your address asks more often than allowed here; wait as long as Retry-After says."
                        : $"Your address has {limits.Value.Streams} event streams open, and no more are allowed; close one, or watch several jobs in one stream.",
                    isRate ? wait : WhenStreamsAreTaken)
                .ExecuteAsync(rejected.HttpContext);
        };
    }

    private static RateLimitPartition<string> PerSecond(HttpContext context, int permits) =>
        RateLimitPartition.GetFixedWindowLimiter(Address(context), _ => new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = Window });

    private static string Address(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "";
}
