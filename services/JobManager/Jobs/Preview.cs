using ImageEditor.JobManager.Store;

namespace ImageEditor.JobManager.Jobs;

/// <summary>What a job's result looks like so far.</summary>
/// <param name="Number">Grows with each new picture of the job.</param>
/// <param name="Image">The picture.</param>
internal sealed record Preview(int Number, StoredImage Image);
