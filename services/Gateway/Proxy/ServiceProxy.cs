using System.Globalization;
using ImageEditor.Gateway.Limits;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Http;
using ImageEditor.ServiceDefaults.Problems;
using ImageEditor.ServiceDefaults.Security;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms;

namespace ImageEditor.Gateway.Proxy;

/// <summary>Forwards requests to the services, by the routes in appsettings.json.</summary>
internal static class ServiceProxy
{
    /// <summary>
    /// Metadata of a route in appsettings.json: the time until the first byte of a response, in seconds. Without it there is no limit.
    /// </summary>
    private const string FirstByteSeconds = "FirstByteSeconds";

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    public static void AddServiceProxy(this WebApplicationBuilder builder)
    {
        var key = InternalKey.GetRequired(builder.Configuration);
        var party = new Party(key);
        builder.Services.AddSingleton<IForwarderHttpClientFactory, ServiceClientFactory>();
        builder.Services.AddReverseProxy()
            .LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"))
            .AddTransforms(context =>
            {
                var firstByteTimeout = ReadFirstByteTimeout(context.Route);
                context
                    .AddRequestHeader(ServiceHeaders.InternalKey, key, append: false)
                    .AddRequestTransform(transform =>
                    {
                        transform.ProxyRequest.Headers.Add(ServiceHeaders.ForwardedScheme, transform.HttpContext.Request.Scheme);
                        transform.ProxyRequest.Headers.Add(ServiceHeaders.Party, party.Of(transform.HttpContext));
                        if (firstByteTimeout is { } timeout)
                        {
                            transform.ProxyRequest.WithFirstByteTimeout(timeout);
                        }

                        return ValueTask.CompletedTask;
                    });
            });
    }

    public static WebApplication MapServiceProxy(this WebApplication app)
    {
        // Without this, the web app's catch-all route would answer calls that no API route matches.
        app.Map("/api/{**rest}", () => ProblemTypes.NotFound.Create("There is no such call; the API is described at /openapi."))
            .ExcludeFromDescription()
            .WithOrder(50);
        app.MapReverseProxy(proxy => proxy.Use(async (context, next) =>
        {
            await next(context);
            if (context.GetForwarderErrorFeature() is { } failure && !context.Response.HasStarted && ToProblem(failure) is { } problem)
            {
                await problem.ExecuteAsync(context);
            }
        }));
        return app;
    }

    private static Problem? ToProblem(IForwarderErrorFeature failure) => failure.Error switch
    {
        ForwarderError.RequestCanceled => null,
        _ when failure.Exception is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
            ProblemTypes.TooLarge.Create("The request has more bytes than allowed here; send a smaller image."),
        ForwarderError.RequestBodyClient or ForwarderError.RequestBodyCanceled =>
            ProblemTypes.InvalidParameters.Create("The request's body broke off; send it again."),
        _ => ProblemTypes.Unavailable.Create(
            "The part of the system that this needs does not answer at the moment; try again shortly.", RetryAfter),
    };

    private static TimeSpan? ReadFirstByteTimeout(RouteConfig route)
    {
        if (route.Metadata?.TryGetValue(FirstByteSeconds, out var text) != true)
        {
            return null;
        }

        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds > 0
            ? TimeSpan.FromSeconds(seconds)
            : throw new InvalidOperationException(
                $"'{FirstByteSeconds}' of the route '{route.RouteId}' must be a number of seconds above zero; it is '{text}'.");
    }

    /// <summary>
    /// Lets the proxy call services as the HTTP clients of every service do: by name, and with an error at once when one is down.
    /// </summary>
    private sealed class ServiceClientFactory(IServiceProvider services) : ForwarderHttpClientFactory
    {
        protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
        {
            base.ConfigureHandler(context, handler);
            handler.ConfigureForServices();
        }

        protected override HttpMessageHandler WrapHandler(ForwarderHttpClientContext context, HttpMessageHandler handler) =>
            services.CreateServiceHandler(base.WrapHandler(context, handler));
    }
}
