using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Sweeping;
using ImageEditor.ServiceDefaults.Contracts;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageEditor.JobManager.Queues;

/// <summary>What operators do with queues, from the dashboard.</summary>
internal static class QueuesApi
{
    public static RouteGroupBuilder MapQueues(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/queues").WithTags("Queues");
        group.MapGet("/{converter}", ReadAsync).WithName("ReadQueue").WithSummary("How many jobs wait for a converter, and which are next");
        group.MapDelete("/{converter}", EmptyAsync).WithName("EmptyQueue").WithSummary("Cancels every job that waits for a converter");
        group.MapPost("/sweep", SweepAsync).WithName("Sweep").WithSummary("Does at once what is due, and drops what belongs to no job");
        return group;
    }

    private static async Task<Results<Ok<QueueView>, Problem>> ReadAsync(string converter, JobQueues queues) =>
        ConverterName.IsValid(converter) ? TypedResults.Ok(await queues.ReadAsync(converter)) : InvalidConverter();

    private static async Task<Results<Ok<EmptiedQueue>, Problem>> EmptyAsync(
        string converter, JobQueues queues, CancellationToken cancellationToken) =>
        ConverterName.IsValid(converter)
            ? TypedResults.Ok(new EmptiedQueue(converter, await queues.EmptyAsync(converter, cancellationToken)))
            : InvalidConverter();

    private static async Task<NoContent> SweepAsync(StoreSweep sweep, CancellationToken cancellationToken)
    {
        await sweep.SweepAsync(cancellationToken);
        await sweep.AuditAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static Problem InvalidConverter() => JobProblems.Invalid($"A converter's name has {ConverterName.Rule}.");

    /// <summary>What became of a queue.</summary>
    /// <param name="Converter">The converter.</param>
    /// <param name="Cancelled">How many jobs were cancelled.</param>
    private sealed record EmptiedQueue(string Converter, int Cancelled);
}
