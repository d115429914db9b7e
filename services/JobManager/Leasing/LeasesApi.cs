using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageEditor.JobManager.Leasing;

/// <summary>Renews leases, those of a process together.</summary>
internal static class LeasesApi
{
    public static RouteGroupBuilder MapLeases(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/leases").WithTags("Leases").ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapPatch("/", RenewAsync)
            .WithName("RenewLeases").WithSummary("Renews the leases that a process holds, and reports progress")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        return group;
    }

    private static async Task<Results<Ok<HeartbeatAnswer>, Problem>> RenewAsync(Heartbeat heartbeat, LeaseStore leases)
    {
        if (heartbeat.Leases.Count > Heartbeat.MaxLeases)
        {
            return JobProblems.Invalid($"A heartbeat renews at most {Heartbeat.MaxLeases} leases.");
        }

        var results = await leases.RenewAsync([.. heartbeat.Leases.Select(lease => new HeldLease(
            lease.Kind,
            JobProblems.ParseId(lease.JobId),
            lease.Attempt,
            lease.Progress is { } progress ? Math.Clamp(progress, 0, 1) : null,
            lease.Step))]);
        return TypedResults.Ok(new HeartbeatAnswer(
            [.. results.Index().Where(result => result.Item != ScriptResult.Renewed).Select(result => result.Index)]));
    }
}
