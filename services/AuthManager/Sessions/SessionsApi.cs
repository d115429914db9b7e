using ImageEditor.AuthManager.Credentials;
using ImageEditor.AuthManager.Database;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace ImageEditor.AuthManager.Sessions;

/// <summary>Signs in and out, and refreshes tokens.</summary>
internal static class SessionsApi
{
    public static RouteGroupBuilder MapSessions(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/auth").WithTags("Sessions")
            .WithMetadata(new RequestSizeLimitAttribute(RequestRules.MaxBodyBytes))
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapPost("/login", LoginAsync)
            .WithName("Login").WithSummary("Signs in")
            .ProducesProblem(StatusCodes.Status401Unauthorized);
        group.MapPost("/refresh", RefreshAsync)
            .WithName("Refresh").WithSummary("Gives new tokens for a refresh token")
            .ProducesProblem(StatusCodes.Status401Unauthorized);
        group.MapPost("/logout", LogoutAsync).WithName("Logout").WithSummary("Ends the session");
        return group;
    }

    private static async Task<Results<TokenResult, Problem>> LoginAsync(
        CredentialsRequest credentials,
        DatabaseCalls<PasswordVerifier> passwords,
        DatabaseCalls<SessionService> sessions,
        CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(credentials.Email) || string.IsNullOrEmpty(credentials.Password))
        {
            return ProblemTypes.InvalidParameters.Create("Send 'email' and 'password'.");
        }

        // An invalid address has no account. It is verified all the same, so that the response takes as long.
        var email = EmailAddress.Parse(credentials.Email);
        var password = Password.Of(credentials.Password);
        var user = await passwords.RunAsync(verifier => verifier.VerifyAsync(email, password, cancellationToken));
        return user is not null && await sessions.RunAsync(service => service.OpenAsync(user, cancellationToken)) is { } tokens
            ? new TokenResult(tokens, credentials.Cookies)
            : ProblemTypes.WrongCredentials.Create(
                "Check the address and the password. After too many wrong passwords an account is locked for some minutes.");
    }

    private static async Task<Results<TokenResult, Problem>> RefreshAsync(
        RefreshRequest? body, HttpContext context, DatabaseCalls<SessionService> sessions, CancellationToken cancellationToken)
    {
        var token = ReadToken(body, context.Request, out var isCookie);
        if (token is null)
        {
            return ProblemTypes.InvalidToken.Create("Sign in: this call needs 'refreshToken', or the cookie that signing in has set.");
        }

        if (await sessions.RunAsync(service => service.RefreshAsync(token, cancellationToken)) is { } tokens)
        {
            return new TokenResult(tokens, isCookie);
        }

        if (isCookie)
        {
            SessionCookies.ExpireAll(context.Response, context.Request.IsHttps);
        }

        return ProblemTypes.InvalidToken.Create("The session has ended; sign in again.");
    }

    private static async Task<NoContent> LogoutAsync(
        RefreshRequest? body, HttpContext context, DatabaseCalls<SessionService> sessions, CancellationToken cancellationToken)
    {
        if (ReadToken(body, context.Request, out _) is { } token)
        {
            await sessions.RunAsync(service => service.EndByTokenAsync(token, cancellationToken));
        }

        SessionCookies.ExpireAll(context.Response, context.Request.IsHttps);
        return TypedResults.NoContent();
    }

    private static string? ReadToken(RefreshRequest? body, HttpRequest request, out bool isCookie)
    {
        isCookie = string.IsNullOrEmpty(body?.RefreshToken);
        return isCookie ? request.Cookies[SessionCookies.Refresh(request.IsHttps)] : body!.RefreshToken;
    }
}

/// <summary>What refresh and logout take; browsers send the cookie instead.</summary>
/// <param name="RefreshToken">The newest refresh token.</param>
internal sealed record RefreshRequest(string? RefreshToken);
