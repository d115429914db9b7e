using Microsoft.Extensions.Options;

namespace ImageEditor.JobManager.Store;

/// <summary>Refuses, at start, a sharing of the store's memory that could not work.</summary>
internal sealed class JobStoreRules : IValidateOptions<JobStoreOptions>
{
    private const double LargestShare = 0.95;

    public ValidateOptionsResult Validate(string? name, JobStoreOptions options) => Rules.Result(
    [
        Rules.Require(options.MemoryBytes > 0, "JobStore:MemoryBytes must be positive."),
        Rules.Require(options.BufferBytes > 0, "JobStore:BufferBytes must be positive."),
        Rules.Require(options.UploadLife > TimeSpan.Zero, "JobStore:UploadLife must be positive."),
        Rules.Require(options.PreviewLife > TimeSpan.Zero, "JobStore:PreviewLife must be positive."),
        Rules.Require(options.Replicas >= 0, "JobStore:Replicas must not be negative."),
        Rules.Require(options.InputShare > 0 && options.ResultShare > 0 && options.SaveShare > 0 && options.InputShare + options.ResultShare + options.SaveShare <= LargestShare,
            $"JobStore:InputShare, JobStore:ResultShare and JobStore:SaveShare must be positive and at most {LargestShare} together: the rest is for the jobs themselves and for uploads in flight."),
    ]);
}
