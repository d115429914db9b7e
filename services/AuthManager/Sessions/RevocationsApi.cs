using ImageEditor.AuthManager.Data;

namespace ImageEditor.AuthManager.Sessions;

/// <summary>For Gateways: which sessions' tokens to refuse.</summary>
internal static class RevocationsApi
{
    public static void MapRevocations(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/revocations", async (DatabaseCalls<SessionService> sessions, CancellationToken cancellationToken) =>
                TypedResults.Ok(new RevocationsDocument(await sessions.RunAsync(service => service.RevokedAsync(cancellationToken)))))
            .WithName("GetRevocations").WithSummary("Ids of sessions whose access tokens must be refused, though they have not expired").WithTags("Internal");
}

/// <summary>The ended sessions of which an access token may still be alive.</summary>
internal sealed record RevocationsDocument(IReadOnlyList<Guid> Sessions);
