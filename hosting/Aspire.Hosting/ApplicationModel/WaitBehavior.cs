namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a wait for health does when the resource cannot be had.</summary>
public enum WaitBehavior
{
    /// <summary>It goes on.</summary>
    WaitOnResourceUnavailable,

    /// <summary>It throws.</summary>
    StopOnResourceUnavailable,
}
