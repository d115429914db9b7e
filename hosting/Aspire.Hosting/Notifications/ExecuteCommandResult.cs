namespace Aspire.Hosting.ApplicationModel;

/// <summary>How a command ended.</summary>
public sealed class ExecuteCommandResult
{
    /// <summary>Whether it did its work.</summary>
    public required bool Success { get; init; }

    /// <summary>What kept it from that.</summary>
    public string? ErrorMessage { get; init; }
}
