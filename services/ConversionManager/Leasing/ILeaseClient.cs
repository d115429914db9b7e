namespace ImageEditor.ConversionManager.Leasing;

/// <summary>Renews leases.</summary>
internal interface ILeaseClient
{
    /// <summary>Renews leases once, and reports the progress of each.</summary>
    /// <returns>The places of those that are lost.</returns>
    /// <exception cref="LeasesNotRenewedException">The job manager did not answer, or not as it should.</exception>
    Task<IReadOnlyList<int>> RenewAsync(IReadOnlyList<HeldLease> leases, CancellationToken cancellationToken);
}

/// <summary>Leases may have been renewed or not. Another try may succeed.</summary>
internal sealed class LeasesNotRenewedException(Exception reason) : Exception(reason.Message, reason);
