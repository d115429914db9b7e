using ImageEditor.JobManager.Jobs;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace ImageEditor.JobManager.Events;

/// <summary>How jobs go, as a stream of events.</summary>
internal static class JobEventsApi
{
    public static RouteGroupBuilder MapJobEvents(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/jobs").WithTags("Jobs").ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapGet("/events", Stream)
            .WithName("StreamJobs").WithSummary("Server-sent events: the jobs' current states, then each change")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        return group;
    }

    private static Results<ServerSentEventsResult<JobEvent>, Problem> Stream(
        [FromQuery(Name = "id")] string[] ids, JobEvents events, IOptions<JobsOptions> options, CancellationToken cancellationToken)
    {
        var most = options.Value.MaxStreamJobs;
        return ids.Length == 0 || ids.Length > most
            ? JobProblems.Invalid($"Name from 1 to {most} jobs, each as a parameter id.")
            : TypedResults.ServerSentEvents(events.StreamAsync(ids.ToHashSet(StringComparer.Ordinal), cancellationToken));
    }
}
