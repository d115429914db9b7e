using ImageEditor.ServiceDefaults.Problems;
using ImageEditor.StorageManager.Pictures;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageEditor.StorageManager.Api;

/// <summary>The end of accounts, for the service that keeps them.</summary>
internal static class OwnersApi
{
    public static RouteGroupBuilder MapOwners(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/owners").WithTags("Owners");
        group.MapDelete("/{owner}", RemoveAsync)
            .WithName("RemoveOwner").WithSummary("Removes everything of an account that is gone, beyond restoring, and refuses its later saves")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        return group;
    }

    private static async Task<Results<NoContent, Problem>> RemoveAsync(string owner, Gallery gallery, CancellationToken cancellationToken)
    {
        if (!Owner.TryParse(owner, out var who))
        {
            return Answers.Invalid("An owner is a GUID.");
        }

        await gallery.RemoveOwnerAsync(who, cancellationToken);
        return TypedResults.NoContent();
    }
}
