using ImageEditor.ServiceDefaults.Configuration;
using Microsoft.Extensions.Options;

namespace ImageEditor.JobManager.Store;

/// <summary>Refuses, at start, a sharing of the store's memory that could not work.</summary>
internal sealed class JobStoreOptionsValidator : IValidateOptions<JobStoreOptions>
{
    private const double MaxTotalShare = 0.95;

    public ValidateOptionsResult Validate(string? name, JobStoreOptions options) => new ValidateOptionsResultBuilder()
        .Require(options.MemoryBytes > 0, "JobStore:MemoryBytes must be positive.")
        .Require(options.BufferBytes > 0, "JobStore:BufferBytes must be positive.")
        .Require(options.UploadTtl > TimeSpan.Zero, "JobStore:UploadTtl must be positive.")
        .Require(options.PreviewTtl > TimeSpan.Zero, "JobStore:PreviewTtl must be positive.")
        .Require(options.Replicas >= 0, "JobStore:Replicas must not be negative.")
        .Require(
            options.InputShare > 0 && options.ResultShare > 0 && options.SaveShare > 0
                && options.InputShare + options.ResultShare + options.SaveShare <= MaxTotalShare,
            $"JobStore:InputShare, JobStore:ResultShare and JobStore:SaveShare must be positive and at most {MaxTotalShare} together: "
                + "the rest is for the jobs themselves and for uploads in flight.")
        .Build();
}
