using ImageEditor.StorageManager.Pictures;

namespace ImageEditor.StorageManager.Api;

/// <summary>Who asks, as the Gateway says. The header is believed since only the installation's own services get this far.</summary>
internal sealed record SignedIn(Owner Owner)
{
    /// <summary>Reads the header; called by the framework for parameters of this type.</summary>
    public static ValueTask<SignedIn?> BindAsync(HttpContext context) =>
        ValueTask.FromResult(Owner.TryParse(context.Request.Headers[Owner.Header].ToString(), out var owner) ? new SignedIn(owner) : null);
}

internal static class SignInRule
{
    /// <summary>Refuses (401) whoever is not signed in, before anything else is looked at.</summary>
    public static RouteGroupBuilder RequireSignIn(this RouteGroupBuilder group)
    {
        group.ProducesProblem(StatusCodes.Status401Unauthorized);
        group.AddEndpointFilterFactory((_, next) => async context =>
            await SignedIn.BindAsync(context.HttpContext) is null ? Answers.SignIn : await next(context));
        return group;
    }
}
