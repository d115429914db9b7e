using System.Reflection;
using System.Text.Json.Serialization;
using ImageEditor.ServiceDefaults.Contracts;
using Microsoft.AspNetCore.Http.Metadata;

namespace ImageEditor.AuthManager.Sessions;

/// <summary>Tokens as an answer: in the body, or in cookies.</summary>
internal sealed class TokenResult(IssuedTokens tokens, bool cookies) : IResult, IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(TokenResponse), ["application/json"]));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.Headers.CacheControl = "no-store";
        var seconds = (int)tokens.AccessLifetime.TotalSeconds;
        if (!cookies)
        {
            return response.WriteAsJsonAsync(new TokenResponse(tokens.Access, tokens.Refresh, seconds), httpContext.RequestAborted);
        }

        SessionCookies.Set(response, httpContext.Request.IsHttps, tokens.Access, tokens.Refresh, tokens.RefreshExpiresAt);
        return response.WriteAsJsonAsync(new TokenResponse(null, null, seconds), httpContext.RequestAborted);
    }
}

/// <summary>The body of the answer.</summary>
/// <param name="AccessToken">The access token; left out where cookies carry it.</param>
/// <param name="RefreshToken">The refresh token; left out where cookies carry it.</param>
/// <param name="ExpiresIn">The access token's life in seconds.</param>
internal sealed record TokenResponse(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? AccessToken,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RefreshToken,
    int ExpiresIn);
