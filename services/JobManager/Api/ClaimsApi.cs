using ImageEditor.JobManager.Claims;
using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Settings;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace ImageEditor.JobManager.Api;

/// <summary>Handing out jobs.</summary>
internal static class ClaimsApi
{
    public static RouteGroupBuilder MapClaims(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/claims").WithTags("Claims");
        group.MapPost("/", ClaimAsync)
            .WithName("ClaimJob").WithSummary("Takes the next job of a converter, and waits for one if there is none")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        return group;
    }

    private static async Task<Results<Ok<Claim>, NoContent, Problem>> ClaimAsync(
        ClaimRequest request, ClaimWaiter claims, IOptions<JobsOptions> options, IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        if (!Names.IsToken(request.Token) || !ConverterName.IsValid(request.Converter))
        {
            return Answers.Invalid("A claim names a token (8 to 128 letters, digits, '-' or '_') and a converter.");
        }

        // A process that stops answers at once, and its callers ask another one.
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        var wait = TimeSpan.FromSeconds(Math.Clamp(request.WaitSeconds, 0, options.Value.MaxClaimWait.TotalSeconds));
        return await claims.ClaimAsync(request.Token, request.Converter, wait, stopping.Token) is { } claim
            ? TypedResults.Ok(claim)
            : TypedResults.NoContent();
    }
}
