using ImageEditor.AuthManager.Data;
using ImageEditor.AuthManager.Sessions;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Problems;
using ImageEditor.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace ImageEditor.AuthManager.Accounts;

/// <summary>The account itself: making it, its password, deleting it.</summary>
internal static class AccountsApi
{
    /// <summary>More than any address, password or token needs.</summary>
    internal const int MaxBodyBytes = 16 * 1024;

    public static RouteGroupBuilder MapAccounts(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/auth").WithTags("Accounts")
            .WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes))
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapPost("/register", RegisterAsync)
            .WithName("Register").WithSummary("Makes an account and signs in")
            .ProducesProblem(StatusCodes.Status409Conflict);
        group.MapGet("/me", GetAsync).WithName("GetAccount").WithSummary("The signed-in account");
        group.MapPost("/password", ChangePasswordAsync).WithName("ChangePassword").WithSummary("Changes the password; every session ends, and a new one begins");
        group.MapDelete("/me", DeleteAsync).WithName("DeleteAccount").WithSummary("Deletes the account and all its pictures");
        return group;
    }

    private static async Task<Results<TokenResult, Problem>> RegisterAsync(
        Credentials credentials, DatabaseCalls<AccountService> accounts, PasswordPolicy policy, CancellationToken cancellationToken)
    {
        if (!EmailAddress.TryParse(credentials.Email, out var email))
        {
            return ProblemTypes.InvalidParameters.Create("'email' must be an e-mail address, such as ann@example.org.");
        }

        if (policy.Refuse(credentials.Password ?? "", email) is { } weakness)
        {
            return ProblemTypes.WeakPassword.Create(weakness);
        }

        return await accounts.RunAsync(service => service.RegisterAsync(email, credentials.Password!, cancellationToken)) is { } made
            ? new TokenResult(made.Tokens, credentials.Cookies)
            : ProblemTypes.AddressTaken.Create("Sign in with this address, or use another one.");
    }

    private static async Task<Results<Ok<AccountDocument>, Problem>> GetAsync(HttpRequest request, DatabaseCalls<AccountService> accounts, CancellationToken cancellationToken) =>
        await UserAsync(request, accounts, cancellationToken) is { } user
            ? TypedResults.Ok(new AccountDocument(user.Id, user.Email!, user.CreatedAt))
            : SignInFirst;

    private static async Task<Results<TokenResult, Problem>> ChangePasswordAsync(
        PasswordChange change, HttpRequest request, DatabaseCalls<AccountService> accounts, PasswordPolicy policy, CancellationToken cancellationToken)
    {
        if (await UserAsync(request, accounts, cancellationToken) is not { } user)
        {
            return SignInFirst;
        }

        if (!await accounts.RunAsync(service => service.CheckAsync(user, Bounded(change.CurrentPassword), cancellationToken)))
        {
            return WrongPassword;
        }

        if (policy.Refuse(change.NewPassword ?? "", user.Email!) is { } weakness)
        {
            return ProblemTypes.WeakPassword.Create(weakness);
        }

        return await accounts.RunAsync(service => service.ChangePasswordAsync(user, change.NewPassword!, cancellationToken)) is { } tokens
            ? new TokenResult(tokens, change.Cookies)
            : WrongPassword;
    }

    private static async Task<Results<NoContent, Problem>> DeleteAsync(
        [FromBody] Confirmation confirmation, HttpContext context, DatabaseCalls<AccountService> accounts, CancellationToken cancellationToken)
    {
        if (await UserAsync(context.Request, accounts, cancellationToken) is not { } user)
        {
            return SignInFirst;
        }

        if (!await accounts.RunAsync(service => service.CheckAsync(user, Bounded(confirmation.Password), cancellationToken)))
        {
            return WrongPassword;
        }

        await accounts.RunAsync(service => service.DeleteAsync(user.Id, cancellationToken));
        SessionCookies.ExpireAll(context.Response, context.Request.IsHttps);
        return TypedResults.NoContent();
    }

    private static Problem SignInFirst => ProblemTypes.Unauthorized.Create("Sign in first.");

    private static Problem WrongPassword =>
        ProblemTypes.WrongCredentials.Create("The password is wrong, or the account is locked for some minutes after too many wrong ones.");

    /// <summary>No password has more characters than the policy lets it have; hashing a megabyte would only take time.</summary>
    internal static string Bounded(string? password) => password is { Length: <= PasswordPolicy.MaxLength } ? password : "";

    private static async Task<User?> UserAsync(HttpRequest request, DatabaseCalls<AccountService> accounts, CancellationToken cancellationToken) =>
        AuthenticatedUser.GetId(request) is { } id ? await accounts.RunAsync(service => service.FindAsync(id, cancellationToken)) : null;
}
