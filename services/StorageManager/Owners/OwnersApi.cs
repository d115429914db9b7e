using ImageEditor.ServiceDefaults.Problems;
using ImageEditor.StorageManager.Pictures;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageEditor.StorageManager.Owners;

/// <summary>Removes deleted accounts, for AuthManager.</summary>
internal static class OwnersApi
{
    public static RouteGroupBuilder MapOwners(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/owners").WithTags("Owners");
        group.MapDelete("/{owner}", RemoveAsync)
            .WithName("RemoveOwner")
            .WithSummary("Removes everything of an account that is gone, beyond restoring, and refuses its later saves")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        return group;
    }

    private static async Task<Results<NoContent, Problem>> RemoveAsync(
        string owner, OwnerRemoval removal, CancellationToken cancellationToken)
    {
        if (!Owner.TryParse(owner, out var parsedOwner))
        {
            return ProblemTypes.InvalidParameters.Create("An owner is a GUID.");
        }

        await removal.RemoveAsync(parsedOwner, cancellationToken);
        return TypedResults.NoContent();
    }
}
