using ImageEditor.ConversionManager.Clients;

namespace ImageEditor.ConversionManager.Leasing;

/// <summary>Renews leases at the job manager.</summary>
internal sealed class LeaseClient(JobManagerConnection jobManager) : ILeaseClient
{
    /// <summary>A second try has to come before the leases end.</summary>
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(2);

    public async Task<IReadOnlyList<int>> RenewAsync(IReadOnlyList<HeldLease> leases, CancellationToken cancellationToken)
    {
        var answer = await jobManager.SendOnceAsync<Answer>(
            HttpMethod.Patch,
            "/leases",
            new
            {
                leases = leases.Select(
                    lease => new { kind = $"{lease.Kind}", lease.Claim.JobId, lease.Claim.Attempt, progress = lease.Progress.Value }),
            },
            ResponseTimeout,
            cancellationToken);
        return answer.Lost;
    }

    private sealed record Answer(IReadOnlyList<int> Lost);
}

/// <summary>Renews leases.</summary>
internal interface ILeaseClient
{
    /// <summary>Renews leases once, and reports the progress of each.</summary>
    /// <returns>The places of those that are lost.</returns>
    /// <exception cref="Exception">The job manager did not answer (<see cref="HttpErrors.IsTransient"/>).</exception>
    Task<IReadOnlyList<int>> RenewAsync(IReadOnlyList<HeldLease> leases, CancellationToken cancellationToken);
}
