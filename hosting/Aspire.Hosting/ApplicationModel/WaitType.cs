namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a resource waits for.</summary>
public enum WaitType
{
    /// <summary>That the other is healthy.</summary>
    WaitUntilHealthy,

    /// <summary>That the other has ended well.</summary>
    WaitForCompletion,
}
