using System.Text.Json;
using ImageEditor.ConversionManager.Leasing;

namespace ImageEditor.ConversionManager.Clients;

/// <summary>Renews leases at the job manager.</summary>
internal sealed class LeaseClient(JobManagerConnection jobManager) : ILeaseClient
{
    /// <summary>A second try has to come before the leases end.</summary>
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(2);

    public async Task<IReadOnlyList<int>> RenewAsync(IReadOnlyList<HeldLease> leases, CancellationToken cancellationToken)
    {
        var body = new
        {
            leases = leases.Select(
                lease => new
                {
                    kind = $"{lease.Kind}",
                    lease.Claim.JobId,
                    lease.Claim.Attempt,
                    progress = lease.Progress.Value,
                    step = lease.Progress.Step,
                }),
        };
        try
        {
            return (await jobManager.SendOnceAsync<Answer>(HttpMethod.Patch, "/leases", body, ResponseTimeout, cancellationToken)).Lost;
        }
        catch (Exception exception) when (exception is JsonException || HttpErrors.IsTransient(exception, cancellationToken))
        {
            throw new LeasesNotRenewedException(exception);
        }
    }

    private sealed record Answer(IReadOnlyList<int> Lost);
}
