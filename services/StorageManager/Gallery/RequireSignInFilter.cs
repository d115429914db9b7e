using ImageEditor.ServiceDefaults.Security;

namespace ImageEditor.StorageManager.Gallery;

internal static class RequireSignInFilter
{
    /// <summary>Answers 401 to everybody who is not signed in, before anything else is checked.</summary>
    public static RouteGroupBuilder RequireSignIn(this RouteGroupBuilder group)
    {
        group.ProducesProblem(StatusCodes.Status401Unauthorized);
        group.AddEndpointFilterFactory((_, next) => async context =>
            AuthenticatedUser.GetId(context.HttpContext.Request) is null ? GalleryProblems.SignInRequired : await next(context));
        return group;
    }
}
