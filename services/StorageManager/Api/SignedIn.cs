using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.StorageManager.Pictures;

namespace ImageEditor.StorageManager.Api;

/// <summary>Who asks, as the Gateway says. The header is believed since only the installation's own services get this far.</summary>
internal sealed record SignedIn(Owner Owner)
{
    /// <summary>Reads the header; called by the framework for parameters of this type. It does not fail: the framework would answer 400 before the rule below can.</summary>
    public static ValueTask<SignedIn?> BindAsync(HttpContext context) =>
        ValueTask.FromResult<SignedIn?>(new SignedIn(TryRead(context, out var owner) ? owner : default));

    /// <summary>Whether the Gateway names somebody.</summary>
    public static bool TryRead(HttpContext context, out Owner owner) => Owner.TryParse(context.Request.Headers[ServiceHeaders.AuthenticatedUser].ToString(), out owner);
}

internal static class SignInRule
{
    /// <summary>Refuses (401) whoever is not signed in, before anything else is looked at.</summary>
    public static RouteGroupBuilder RequireSignIn(this RouteGroupBuilder group)
    {
        group.ProducesProblem(StatusCodes.Status401Unauthorized);
        group.AddEndpointFilterFactory((_, next) => async context =>
            SignedIn.TryRead(context.HttpContext, out var _) ? await next(context) : Answers.SignIn);
        return group;
    }
}
