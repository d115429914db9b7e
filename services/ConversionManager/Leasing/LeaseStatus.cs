namespace ImageEditor.ConversionManager.Leasing;

/// <summary>What the job manager says to a report about an attempt.</summary>
internal enum LeaseStatus
{
    /// <summary>Taken note of.</summary>
    Accepted,

    /// <summary>Another attempt has the job, or it is gone or cancelled: stop working on it.</summary>
    Lost,

    /// <summary>What was reported is not acceptable, and will not be at another try either.</summary>
    Refused,

    /// <summary>No job manager answered, or it asked to try again later.</summary>
    Unknown,
}
