namespace Aspire.Hosting.ApplicationModel;

/// <summary>The states of a resource.</summary>
public static class KnownResourceStates
{
    /// <summary>Not started yet.</summary>
    public static readonly string NotStarted = "NotStarted";

    /// <summary>Waits for other resources.</summary>
    public static readonly string Waiting = "Waiting";

    /// <summary>Is being started.</summary>
    public static readonly string Starting = "Starting";

    /// <summary>The process runs.</summary>
    public static readonly string Running = "Running";

    /// <summary>Is being stopped.</summary>
    public static readonly string Stopping = "Stopping";

    /// <summary>The process has ended, or was stopped.</summary>
    public static readonly string Exited = "Exited";

    /// <summary>The process has ended of itself and is not started again.</summary>
    public static readonly string Finished = "Finished";

    /// <summary>The process ended several times before it was healthy.</summary>
    public static readonly string FailedToStart = "FailedToStart";

    /// <summary>The states in which nothing runs.</summary>
    public static readonly IReadOnlyList<string> TerminalStates = [Finished, FailedToStart, Exited];
}
