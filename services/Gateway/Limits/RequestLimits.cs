using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using ImageEditor.ServiceDefaults.Problems;
using ImageEditor.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace ImageEditor.Gateway.Limits;

/// <summary>Rate limits per client address and per signed-in user, and the size of bodies. The policies' names are those of the routes in appsettings.json.</summary>
internal static class RequestLimits
{
    private const string Submissions = "submissions";

    // A /64 is what one customer gets.
    private const int NetworkBytes = 8;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CredentialsWindow = TimeSpan.FromMinutes(1);
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
                return ProblemTypes.TooLarge.Create($"A request may have at most {maxBytes / 1_000_000} MB here; send a smaller image.").ExecuteAsync(context);
            }

            context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = maxBytes;
            return next(context);
        });
        app.UseRateLimiter();
        return app;
    }

    private static void Configure(RateLimiterOptions rates, IOptions<LimitOptions> limits)
    {
        rates.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => PerUser(context, limits.Value));
        rates.AddPolicy(Submissions, context => PerAddress(context, limits.Value.SubmissionsPerSecond, Window));
        rates.AddPolicy("reads", context => PerAddress(context, limits.Value.ReadsPerSecond, Window));
        rates.AddPolicy("credentials", context => PerAddress(context, limits.Value.CredentialsPerMinute, CredentialsWindow));
        rates.AddPolicy("streams", context => RateLimitPartition.GetConcurrencyLimiter(
            Address(context), _ => new ConcurrencyLimiterOptions { PermitLimit = limits.Value.Streams }));
        rates.OnRejected = async (rejected, _) =>
        {
            var isRate = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait);
            await ProblemTypes.RateLimited
                .Create(
                    isRate
                        ? "You ask more often than allowed here; wait as long as Retry-After says."
                        : $"Your address has {limits.Value.Streams} event streams open, and no more are allowed; close one, or watch several jobs in one stream.",
                    isRate ? wait : WhenStreamsAreTaken)
                .ExecuteAsync(rejected.HttpContext);
        };
    }

    private static RateLimitPartition<string> PerAddress(HttpContext context, int permits, TimeSpan window) =>
        RateLimitPartition.GetFixedWindowLimiter(Address(context), _ => new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = window });

    // Beside the address: one user may come from many.
    private static RateLimitPartition<string> PerUser(HttpContext context, LimitOptions limits)
    {
        if (AuthenticatedUser.GetId(context.Request) is not { } user)
        {
            return RateLimitPartition.GetNoLimiter("");
        }

        var submits = context.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName == Submissions;
        var permits = submits ? limits.UserSubmissionsPerSecond : limits.UserReadsPerSecond;
        return RateLimitPartition.GetFixedWindowLimiter(
            (submits ? "submits:" : "reads:") + user.ToString("D"), _ => new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = Window });
    }

    /// <summary>The client's address; of IPv6 the network, since whoever has one address has all 2⁶⁴ of its network.</summary>
    internal static string Address(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress;
        if (address is { IsIPv4MappedToIPv6: true })
        {
            address = address.MapToIPv4();
        }

        if (address is not { AddressFamily: AddressFamily.InterNetworkV6 })
        {
            return address?.ToString() ?? "";
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return new IPAddress(bytes).ToString();
    }
}
