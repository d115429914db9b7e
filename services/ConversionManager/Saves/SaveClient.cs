using ImageEditor.ConversionManager.Clients;
using ImageEditor.ConversionManager.Leasing;

namespace ImageEditor.ConversionManager.Saves;

/// <summary>Claims saves from the job manager, and reports about them.</summary>
internal sealed class SaveClient(JobManagerConnection jobManager)
{
    /// <summary>Claims a save, and waits for one for a while.</summary>
    /// <param name="token">A new one for each save; while its claim is leased, the same token returns the same claim.</param>
    /// <param name="wait">How long to wait; zero asks without waiting.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The claim; null when there was nothing to do.</returns>
    /// <exception cref="HttpRequestException">No job manager could answer.</exception>
    public Task<SaveClaim?> ClaimAsync(string token, TimeSpan wait, CancellationToken cancellationToken) =>
        jobManager.ClaimAsync<SaveClaim>("/saves/claims", new { token, waitSeconds = wait.TotalSeconds }, wait, cancellationToken);

    /// <summary>Opens an image of a claimed save.</summary>
    /// <param name="claim">What is being saved.</param>
    /// <param name="image"><c>original</c> or <c>result</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The response, its body not read yet; null when the lease is lost.</returns>
    /// <exception cref="HttpRequestException">No job manager could answer.</exception>
    public Task<HttpResponseMessage?> OpenImageAsync(SaveClaim claim, string image, CancellationToken cancellationToken) =>
        jobManager.OpenAsync(Path(claim, "/" + image), cancellationToken);

    /// <summary>Reports how an attempt at saving ended.</summary>
    public Task<LeaseStatus> EndAsync(SaveClaim claim, SaveReport report, CancellationToken cancellationToken) =>
        jobManager.ReportAsync(Path(claim, "/outcome"), report, cancellationToken);

    private static string Path(SaveClaim claim, string rest) => $"/saves/{claim.JobId}{rest}?attempt={claim.Attempt}";
}
