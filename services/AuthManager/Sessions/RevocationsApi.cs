using ImageEditor.AuthManager.Database;

namespace ImageEditor.AuthManager.Sessions;

/// <summary>The sessions whose tokens Gateways must refuse.</summary>
internal static class RevocationsApi
{
    public static void MapRevocations(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/revocations", async (DatabaseCalls<SessionService> sessions, CancellationToken cancellationToken) =>
                TypedResults.Ok(new RevocationsResponse(await sessions.RunAsync(service => service.ListRevokedAsync(cancellationToken)))))
            .WithName("GetRevocations")
            .WithSummary("Ids of sessions whose access tokens must be refused, though they have not expired")
            .WithTags("Internal");
}

/// <summary>Ended sessions of which an access token may not have expired yet.</summary>
internal sealed record RevocationsResponse(IReadOnlyList<Guid> Sessions);
