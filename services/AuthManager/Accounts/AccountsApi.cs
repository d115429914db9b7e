using ImageEditor.AuthManager.Credentials;
using ImageEditor.AuthManager.Database;
using ImageEditor.AuthManager.Database.Entities;
using ImageEditor.AuthManager.Sessions;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Problems;
using ImageEditor.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace ImageEditor.AuthManager.Accounts;

/// <summary>Registers, shows and deletes accounts, and changes their passwords.</summary>
internal static class AccountsApi
{
    public static RouteGroupBuilder MapAccounts(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/auth").WithTags("Accounts")
            .WithMetadata(new RequestSizeLimitAttribute(RequestRules.MaxBodyBytes))
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapPost("/register", RegisterAsync)
            .WithName("Register").WithSummary("Makes an account and signs in")
            .ProducesProblem(StatusCodes.Status409Conflict);
        group.MapGet("/me", GetAsync).WithName("GetAccount").WithSummary("The signed-in account");
        group.MapPost("/password", ChangePasswordAsync)
            .WithName("ChangePassword").WithSummary("Changes the password; every session ends, and a new one begins");
        group.MapDelete("/me", DeleteAsync).WithName("DeleteAccount").WithSummary("Deletes the account and all its pictures");
        return group;
    }

    private static async Task<Results<TokenResult, Problem>> RegisterAsync(
        CredentialsRequest credentials, DatabaseCalls<AccountService> accounts, PasswordPolicy policy, CancellationToken cancellationToken)
    {
        if (EmailAddress.Parse(credentials.Email) is not { } email)
        {
            return ProblemTypes.InvalidParameters.Create("'email' must be an e-mail address, such as ann@example.org.");
        }

        var password = Password.Of(credentials.Password);
        if (policy.FindWeakness(password, email.Text) is { } weakness)
        {
            return ProblemTypes.WeakPassword.Create(weakness);
        }

        return await accounts.RunAsync(service => service.RegisterAsync(email, password, cancellationToken)) is { } tokens
            ? new TokenResult(tokens, credentials.Cookies)
            : ProblemTypes.AddressTaken.Create("Sign in with this address, or use another one.");
    }

    private static async Task<Results<Ok<AccountResponse>, Problem>> GetAsync(
        HttpRequest request, DatabaseCalls<AccountService> accounts, CancellationToken cancellationToken) =>
        await FindCallerAsync(request, accounts, cancellationToken) is { } user
            ? TypedResults.Ok(new AccountResponse(user.Id, user.Email!, user.CreatedAt))
            : SignInFirst;

    private static async Task<Results<TokenResult, Problem>> ChangePasswordAsync(
        ChangePasswordRequest change,
        HttpRequest request,
        DatabaseCalls<AccountService> accounts,
        DatabaseCalls<PasswordVerifier> passwords,
        PasswordPolicy policy,
        CancellationToken cancellationToken)
    {
        if (await FindCallerAsync(request, accounts, cancellationToken) is not { } user)
        {
            return SignInFirst;
        }

        if (!await IsPasswordAsync(user, change.CurrentPassword, passwords, cancellationToken))
        {
            return WrongPassword;
        }

        var password = Password.Of(change.NewPassword);
        if (policy.FindWeakness(password, user.Email!) is { } weakness)
        {
            return ProblemTypes.WeakPassword.Create(weakness);
        }

        return await accounts.RunAsync(service => service.ChangePasswordAsync(user, password, cancellationToken)) is { } tokens
            ? new TokenResult(tokens, change.Cookies)
            : WrongPassword;
    }

    private static async Task<Results<NoContent, Problem>> DeleteAsync(
        [FromBody] DeleteAccountRequest confirmation,
        HttpContext context,
        DatabaseCalls<AccountService> accounts,
        DatabaseCalls<PasswordVerifier> passwords,
        CancellationToken cancellationToken)
    {
        if (await FindCallerAsync(context.Request, accounts, cancellationToken) is not { } user)
        {
            return SignInFirst;
        }

        if (!await IsPasswordAsync(user, confirmation.Password, passwords, cancellationToken))
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

    private static Task<bool> IsPasswordAsync(
        User user, string? password, DatabaseCalls<PasswordVerifier> passwords, CancellationToken cancellationToken) =>
        passwords.RunAsync(verifier => verifier.VerifyAsync(user, Password.Of(password), cancellationToken));

    private static async Task<User?> FindCallerAsync(
        HttpRequest request, DatabaseCalls<AccountService> accounts, CancellationToken cancellationToken) =>
        AuthenticatedUser.GetId(request) is { } id ? await accounts.RunAsync(service => service.FindAsync(id, cancellationToken)) : null;
}
