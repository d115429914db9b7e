using System.Net;
using ImageEditor.ServiceDefaults.Configuration;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace ImageEditor.Gateway.Transport;

/// <summary>Which peers may say where a request came from, and which may use plain HTTP.</summary>
internal static class HttpsAndForwardedHeaders
{
    public static void AddHttpsAndForwardedHeaders(this WebApplicationBuilder builder)
    {
        builder.Services.AddValidatedOptions<TransportOptions, TransportOptionsValidator>(TransportOptions.Section);
        builder.Services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<TransportOptions>>((headers, transport) =>
        {
            headers.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            headers.KnownProxies.Clear();
            headers.KnownIPNetworks.Clear();
            foreach (var network in transport.Value.TrustedProxies)
            {
                headers.KnownIPNetworks.Add(IPNetwork.Parse(network));
            }
        });
    }

    public static WebApplication UseHttpsAndForwardedHeaders(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<TransportOptions>>().Value.TrustedProxies.Count > 0)
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
