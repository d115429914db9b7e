using System.Net;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace ImageEditor.Gateway.Annotation;

/// <summary>Which peers are believed about where a request came from, and who may speak plain HTTP.</summary>
internal static class TransportRules
{
    /// <summary>Networks of the proxies in front of the Gateway, in CIDR notation; none by default.</summary>
    private const string TrustedProxies = "Gateway:TrustedProxies";

    public static void AddTransportRules(this WebApplicationBuilder builder)
    {
        var networks = (builder.Configuration.GetSection(TrustedProxies).Get<string[]>() ?? [])
            .Select(text => IPNetwork.TryParse(text, out var network)
                ? network
                : throw new InvalidOperationException($"'{text}' in the setting '{TrustedProxies}' is not a network in CIDR notation, such as 10.0.0.0/8."));
        builder.Services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var network in networks)
            {
                options.KnownIPNetworks.Add(network);
            }
        });
    }

    public static WebApplication UseTransportRules(this WebApplication app)
    {
        if (app.Configuration.GetSection(TrustedProxies).GetChildren().Any())
        {
            app.UseForwardedHeaders();
        }

        app.Use((context, next) => context.Request.IsHttps || IsLoopback(context.Connection.RemoteIpAddress)
            ? next(context)
            : ProblemTypes.HttpsRequired.Create("Use https: plain HTTP is served to this machine itself only.").ExecuteAsync(context));
        return app;
    }

    private static bool IsLoopback(IPAddress? address) => address is not null && IPAddress.IsLoopback(address);
}
