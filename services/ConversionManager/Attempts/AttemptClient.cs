using ImageEditor.ConversionManager.Clients;
using ImageEditor.ConversionManager.Leasing;
using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.ConversionManager.Attempts;

/// <summary>Claims jobs from the job manager, and reports about them.</summary>
internal sealed class AttemptClient(JobManagerConnection jobManager)
{
    private uint _claims;

    /// <summary>Claims a job, and waits for one for a while.</summary>
    /// <param name="token">A new one for each job; while its claim is leased, the same token returns the same claim.</param>
    /// <param name="converters">The converters whose program has a free slot.</param>
    /// <param name="recipes">Whether the job may have several steps.</param>
    /// <param name="wait">How long to wait; zero asks without waiting.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The claim; null when there was nothing to do.</returns>
    /// <exception cref="HttpRequestException">No job manager could answer.</exception>
    public Task<AttemptClaim?> ClaimAsync(
        string token, IReadOnlyList<string> converters, bool recipes, TimeSpan wait, CancellationToken cancellationToken)
    {
        // A job manager of the release before knows one converter to a claim: so it is given each of them in turn.
        var converter = converters[(int)(Interlocked.Increment(ref _claims) % converters.Count)];
        return jobManager.ClaimAsync<AttemptClaim>(
            "/claims", new { token, converter, converters, recipes, waitSeconds = wait.TotalSeconds }, wait, cancellationToken);
    }

    /// <summary>Opens a claimed job's input.</summary>
    /// <returns>The response, its body not read yet; null when the lease is lost.</returns>
    /// <exception cref="HttpRequestException">No job manager could answer.</exception>
    public Task<HttpResponseMessage?> OpenInputAsync(AttemptClaim claim, CancellationToken cancellationToken) =>
        jobManager.OpenAsync(Path(claim, "/input"), cancellationToken);

    /// <summary>Sends a preview of the result; not worth a second try.</summary>
    public Task<LeaseStatus> PutPreviewAsync(
        AttemptClaim claim, ReadOnlyMemory<byte> preview, string contentType, CancellationToken cancellationToken) =>
        jobManager.PutOnceAsync(Path(claim, "/preview"), JobManagerConnection.Image(preview, contentType), cancellationToken);

    /// <summary>Sends the result.</summary>
    public Task<LeaseStatus> CompleteAsync(AttemptClaim claim, ConvertedImage image, CancellationToken cancellationToken) =>
        jobManager.ReportAsync(() =>
        {
            var (bytes, contentType, width, height) = image.File;
            var request = new HttpRequestMessage(HttpMethod.Put, Path(claim, "/result") + $"&width={width}&height={height}")
            {
                Content = JobManagerConnection.Image(bytes, contentType),
            };
            if (image.ResultInfo is { } info)
            {
                request.Headers.TryAddWithoutValidation(ServiceHeaders.ResultInfo, info);
            }

            return request;
        }, cancellationToken);

    /// <summary>Reports that the attempt ended without a result.</summary>
    public Task<LeaseStatus> FailAsync(AttemptClaim claim, JobFailure failure, CancellationToken cancellationToken) =>
        jobManager.ReportAsync(Path(claim, "/failure"), failure, cancellationToken);

    private static string Path(AttemptClaim claim, string rest) => $"/jobs/{claim.JobId}{rest}?attempt={claim.Attempt}";
}
