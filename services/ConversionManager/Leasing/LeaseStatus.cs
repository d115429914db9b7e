namespace ImageEditor.ConversionManager.Leasing;

/// <summary>What the job manager says to a report about an attempt.</summary>
internal enum LeaseStatus
{
    /// <summary>The report was accepted.</summary>
    Accepted,

    /// <summary>Another attempt has the lease, or the job is deleted or cancelled: the work must stop.</summary>
    Lost,

    /// <summary>What was reported is not acceptable, and will not be at another try either.</summary>
    Refused,

    /// <summary>No job manager answered, or it asked to try again later.</summary>
    Unknown,
}
