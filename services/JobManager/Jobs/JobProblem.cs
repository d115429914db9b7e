using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Mvc;

namespace ImageEditor.JobManager.Jobs;

/// <summary>Why a job failed: the response of <c>GET /api/jobs/{id}</c>.</summary>
/// <param name="Type">The problem's type, a URN.</param>
/// <param name="Title">Names the problem.</param>
/// <param name="Status">The HTTP status, 400 to 599.</param>
/// <param name="Detail">A sentence that tells the caller what to do.</param>
/// <param name="Step">The step of the recipe that it is about, from 0; null where it is about none.</param>
/// <param name="Converter">That step's converter.</param>
internal sealed record JobProblem(
    string Type, string Title, int Status, string Detail, int? Step = null, string? Converter = null)
{
    /// <summary>More than an hour in the queue.</summary>
    public static JobProblem QueueTimeout { get; } =
        Create(ProblemTypes.QueueTimeout, "The job waited too long for a free converter. Submit the image again later.");

    /// <summary>The processes that ran it vanished each time.</summary>
    public static JobProblem AllLeasesExpired { get; } =
        Create(
            ProblemTypes.ConversionFailed,
            "Every process that ran this conversion vanished. Submit a smaller image, or try again later.");

    /// <summary>Makes a problem of a known type.</summary>
    public static JobProblem Create(ProblemType type, string detail) => new(type.Uri, type.Title, type.Status, detail);

    /// <summary>The same as an HTTP response.</summary>
    public Problem ToProblem()
    {
        var problem = new Problem(new ProblemDetails { Type = Type, Title = Title, Status = Status, Detail = Detail });
        return Step is { } step ? problem.InStep(step, Converter) : problem;
    }
}
