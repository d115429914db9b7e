using ImageEditor.ServiceDefaults.Configuration;
using ImageEditor.ServiceDefaults.Http;

namespace ImageEditor.Gateway.Authentication;

internal static class RequestAuthenticationExtensions
{
    public static void AddRequestAuthentication(this WebApplicationBuilder builder)
    {
        builder.AddServiceClient(TokenValidationKeysRefresher.AuthManager);
        builder.Services.AddValidatedOptions<AuthenticationOptions, AuthenticationOptionsValidator>(AuthenticationOptions.Section);
        builder.Services.AddSingleton<TokenValidationKeys>();
        builder.Services.AddSingleton<AccessTokenValidator>();
        builder.Services.AddHostedService<TokenValidationKeysRefresher>();
    }

    public static WebApplication UseRequestAuthentication(this WebApplication app)
    {
        app.UseMiddleware<RequestAuthentication>();
        return app;
    }
}
