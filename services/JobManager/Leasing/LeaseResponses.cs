using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Store;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageEditor.JobManager.Leasing;

/// <summary>Responses to the holder of a lease.</summary>
internal static class LeaseResponses
{
    /// <summary>Nothing, or why the holder's call was refused.</summary>
    public static Results<NoContent, Problem> Create(ScriptResult result) => result switch
    {
        ScriptResult.NotFound or ScriptResult.Cancelled or ScriptResult.Stale or ScriptResult.TooLarge => JobProblems.Refused(result),
        _ => TypedResults.NoContent(),
    };

    /// <summary>An image that the holder works on. Reading it acknowledges the claim, or renews the lease.</summary>
    public static async Task<Results<StoredImageResult, Problem>> CreateAsync(
        BlobStore blobs, Task<ScriptResult> renewing, Task<StoredImage?> finding)
    {
        await Task.WhenAll(renewing, finding);
        return await renewing is var result and not ScriptResult.Renewed ? JobProblems.Refused(result)
            : await finding is { } image ? new StoredImageResult(blobs, image)
            : JobProblems.Refused(ScriptResult.Stale);
    }
}
