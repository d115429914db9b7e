using ImageEditor.ServiceDefaults.Contracts;
using Microsoft.AspNetCore.Builder;

namespace ImageEditor.ServiceDefaults.Security;

/// <summary>The scheme by which a request reached the Gateway. The services themselves are called by plain HTTP.</summary>
public static class ForwardedScheme
{
    /// <summary>Gives each request the scheme that the Gateway saw. Use it only behind <see cref="InternalKey.UseInternalKey"/>.</summary>
    /// <returns>The same application.</returns>
    public static WebApplication UseForwardedScheme(this WebApplication app)
    {
        app.Use((context, next) =>
        {
            if (context.Request.Headers[ServiceHeaders.ForwardedScheme].ToString() is "https")
            {
                context.Request.Scheme = "https";
            }

            return next(context);
        });
        return app;
    }
}
