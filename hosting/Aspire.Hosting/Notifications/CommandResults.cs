namespace Aspire.Hosting.ApplicationModel;

/// <summary>Makes results of commands.</summary>
public static class CommandResults
{
    /// <summary>The command did its work.</summary>
    public static ExecuteCommandResult Success() => new() { Success = true };

    /// <summary>The command failed.</summary>
    public static ExecuteCommandResult Failure(string? errorMessage = null) => new() { Success = false, ErrorMessage = errorMessage };

    /// <summary>The command failed by an exception.</summary>
    public static ExecuteCommandResult Failure(Exception exception) => Failure(exception.Message);
}
