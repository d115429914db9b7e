namespace ImageEditor.AuthManager.Keys;

/// <summary>The keys that tokens can be validated with.</summary>
internal static class KeysApi
{
    public static void MapKeys(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/auth/keys", (KeyRing ring) => TypedResults.Ok(new PublishedKeys(ring.Published)))
            .WithName("GetKeys").WithSummary("The public keys that access tokens are signed with, as a JSON Web Key Set").WithTags("Keys")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
}
