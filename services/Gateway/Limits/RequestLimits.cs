using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using ImageEditor.ServiceDefaults.Configuration;
using ImageEditor.ServiceDefaults.Problems;
using ImageEditor.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace ImageEditor.Gateway.Limits;

/// <summary>Limits the rate of requests per client address and per signed-in user, and the size of bodies.</summary>
internal static class RequestLimits
{
    /// <summary>The rate limiter policy of most routes. Routes name their policy in appsettings.json.</summary>
    public const string RequestsPolicy = "requests";

    private const string SubmissionsPolicy = "submissions";
    private const string PreviewsPolicy = "previews";
    private const string CredentialsPolicy = "credentials";
    private const string EventStreamsPolicy = "event-streams";

    // One customer gets a /64.
    private const int NetworkPrefixBytes = 8;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CredentialsWindow = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan EventStreamRetryAfter = TimeSpan.FromSeconds(5);

    public static void AddRequestLimits(this WebApplicationBuilder builder)
    {
        builder.Services.AddValidatedOptions<LimitsOptions>(LimitsOptions.Section);

        // The limit is set per request. At its own limit the server closes the connection of a client that is still sending, and the client
        // never reads why.
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        builder.Services.AddRateLimiter();
        builder.Services.AddSingleton<WaiterLimit>();
        builder.Services.AddOptions<RateLimiterOptions>().Configure<IOptions<LimitsOptions>>(Configure);
    }

    public static WebApplication UseRequestLimits(this WebApplication app)
    {
        var maxBytes = app.Services.GetRequiredService<IOptions<PictureOptions>>().Value.MaxRequestBytes;
        app.Use((context, next) =>
        {
            if (context.Request.ContentLength > maxBytes)
            {
                var problem = ProblemTypes.TooLarge.Create(
                    $"A request may have at most {maxBytes / 1_000_000} MB here; send a smaller image.");
                return problem.ExecuteAsync(context);
            }

            context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = maxBytes;
            return next(context);
        });
        app.UseRateLimiter();
        app.Use(app.Services.GetRequiredService<WaiterLimit>().InvokeAsync);
        return app;
    }

    private static void Configure(RateLimiterOptions rates, IOptions<LimitsOptions> limits)
    {
        rates.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => PerUser(context, limits.Value));
        rates.AddPolicy(SubmissionsPolicy, context => PerAddress(context, limits.Value.SubmissionsPerSecond, Window));
        rates.AddPolicy(PreviewsPolicy, context => PerAddress(context, limits.Value.PreviewsPerSecond, Window));
        rates.AddPolicy(RequestsPolicy, context => PerAddress(context, limits.Value.RequestsPerSecond, Window));
        rates.AddPolicy(CredentialsPolicy, context => PerAddress(context, limits.Value.CredentialsPerMinute, CredentialsWindow));
        rates.AddPolicy(EventStreamsPolicy, context => RateLimitPartition.GetConcurrencyLimiter(
            Address(context), _ => new ConcurrencyLimiterOptions { PermitLimit = limits.Value.MaxEventStreams }));
        rates.OnRejected = async (rejected, _) =>
        {
            var isRate = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait);
            await ProblemTypes.RateLimited
                .Create(
                    isRate
                        ? "You ask more often than allowed here; wait as long as Retry-After says."
                        : $"Your address has {limits.Value.MaxEventStreams} event streams open, and no more are allowed; "
                            + "close one, or watch several jobs in one stream.",
                    isRate ? wait : EventStreamRetryAfter)
                .ExecuteAsync(rejected.HttpContext);
        };
    }

    private static RateLimitPartition<string> PerAddress(HttpContext context, int permits, TimeSpan window) =>
        RateLimitPartition.GetFixedWindowLimiter(
            Address(context), _ => new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = window });

    // In addition to the address, since one user may come from many addresses.
    private static RateLimitPartition<string> PerUser(HttpContext context, LimitsOptions limits)
    {
        if (AuthenticatedUser.GetId(context.Request) is not { } user)
        {
            return RateLimitPartition.GetNoLimiter("");
        }

        var isSubmission = IsSubmission(context);
        var permits = isSubmission ? limits.UserSubmissionsPerSecond : limits.UserRequestsPerSecond;
        return RateLimitPartition.GetFixedWindowLimiter(
            (isSubmission ? "submissions:" : "requests:") + user.ToString("D"),
            _ => new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = Window });
    }

    /// <summary>Whether a request hands in a picture.</summary>
    internal static bool IsSubmission(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName == SubmissionsPolicy;

    /// <summary>
    /// The client's address. Of an IPv6 address it is the network, since the owner of one address has all 2⁶⁴ of its network.
    /// </summary>
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
        bytes.AsSpan(NetworkPrefixBytes).Clear();
        return new IPAddress(bytes).ToString();
    }
}
