namespace Aspire.Hosting.ApplicationModel;

/// <summary>A command of a resource.</summary>
public sealed class ResourceCommandAnnotation(
    string name,
    string displayName,
    Func<ExecuteCommandContext, Task<ExecuteCommandResult>> executeCommand,
    CommandOptions? options = null) : IResourceAnnotation
{
    /// <summary>The name by which it is called.</summary>
    public string Name { get; } = name;

    /// <summary>The name that is shown.</summary>
    public string DisplayName { get; } = displayName;

    /// <summary>Does the work.</summary>
    public Func<ExecuteCommandContext, Task<ExecuteCommandResult>> ExecuteCommand { get; } = executeCommand;

    /// <summary>How it is shown.</summary>
    public CommandOptions? Options { get; } = options;
}
