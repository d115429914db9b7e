using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Leasing;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageEditor.JobManager.Attempts;

/// <summary>Claims of jobs. Which job a claim gets is decided in <c>Store/Lua/claim.lua</c>.</summary>
internal static class ClaimsApi
{
    public static RouteGroupBuilder MapClaims(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/claims").WithTags("Claims");
        group.MapPost("/", ClaimAsync)
            .WithName("ClaimJob").WithSummary("Takes the next job of several converters, and waits for one if there is none")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        return group;
    }

    private static async Task<Results<Ok<Claim>, NoContent, Problem>> ClaimAsync(
        ClaimRequest request, JobLeases leases, ClaimWaiter waiter, KnownConverters converters, CancellationToken cancellationToken)
    {
        if (request.Named() is not { } named)
        {
            return JobProblems.Invalid($"A claim names {Claimer.Rule}.");
        }

        foreach (var converter in named)
        {
            converters.Add(converter);
        }

        return await waiter.ClaimAsync(
            request.Token,
            () => leases.ClaimAsync(request.Token, named, request.Recipes),
            [.. named.SelectMany(converter => StoreKeys.QueueNames(converter, request.Recipes))],
            request.WaitSeconds,
            cancellationToken);
    }
}
