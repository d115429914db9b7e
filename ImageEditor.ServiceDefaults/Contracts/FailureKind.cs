namespace ImageEditor.ServiceDefaults.Contracts;

/// <summary>What a failure means for the job (docs/api/internal.md).</summary>
public static class FailureKind
{
    /// <summary>Ends the job: this input will never work.</summary>
    public const string Final = "final";

    /// <summary>Counted: as many as <c>Jobs:MaxErrors</c> end the job.</summary>
    public const string Error = "error";

    /// <summary>A connection that broke after sending. Counted separately: as many as
    /// <c>Jobs:MaxBrokenConnections</c> end the job.</summary>
    public const string Broken = "broken";

    /// <summary>Back to the queue after a delay, uncounted.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>Back to the queue at once, uncounted.</summary>
    public const string Released = "released";

    public static bool IsKnown(string? kind) => kind is Final or Error or Broken or Unavailable or Released;
}
