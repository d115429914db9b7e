using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.JobManager.Jobs;

/// <summary>The current state of a job.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Converter">The converter's name.</param>
/// <param name="State">One of <see cref="JobState"/>.</param>
/// <param name="Progress">From 0 to 1, when known.</param>
/// <param name="QueuePosition">1 for the next one; null unless it is queued.</param>
/// <param name="Input">Its input, while it is needed.</param>
/// <param name="Result">Its result, when it is done.</param>
/// <param name="ResultInfo">What the converter found, JSON.</param>
/// <param name="Problem">Why it failed.</param>
/// <param name="Saved">Whether its owner has it in the gallery; null when it has no owner.</param>
/// <param name="Preview">What the result looks like so far, while it runs.</param>
/// <param name="Name">What its picture is called, if anything.</param>
/// <param name="Change">What is done with it, in the name of the result's file.</param>
/// <param name="Step">The step of its recipe that it is at, from 0; null where it has one step only, or does not run.</param>
/// <param name="Attempt">Which claim of it runs, from 1; null unless it runs.</param>
internal sealed record Job(
    JobId Id,
    string Converter,
    string State,
    double? Progress,
    long? QueuePosition,
    StoredImage? Input,
    StoredImage? Result,
    string? ResultInfo,
    JobProblem? Problem,
    bool? Saved,
    Preview? Preview,
    string? Name,
    string Change,
    int? Step = null,
    int? Attempt = null)
{
    /// <summary>Whether nothing more will happen to it.</summary>
    public bool Ended => State is not (JobState.Queued or JobState.Running);

    /// <summary>Where its preview is; another address for each picture.</summary>
    public string? PreviewAddress => Preview is { } preview ? $"/api/jobs/{Id}/preview?n={preview.Number}" : null;
}
