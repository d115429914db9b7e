using Microsoft.AspNetCore.Builder;

namespace ImageEditor.ServiceDefaults.Security;

/// <summary>By which scheme the outside came. The Gateway says so; services themselves are called by plain HTTP.</summary>
public static class OuterScheme
{
    /// <summary>The request header that carries <c>http</c> or <c>https</c>.</summary>
    public const string Header = "X-Internal-Scheme";

    /// <summary>Makes requests look as they came to the Gateway. Only behind <see cref="InternalKey.UseInternalKey"/>.</summary>
    /// <returns>The same application.</returns>
    public static WebApplication UseOuterScheme(this WebApplication app)
    {
        app.Use((context, next) =>
        {
            if (context.Request.Headers[Header].ToString() is "https")
            {
                context.Request.Scheme = "https";
            }

            return next(context);
        });
        return app;
    }
}
