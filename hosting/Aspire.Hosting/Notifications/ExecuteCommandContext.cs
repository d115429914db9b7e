namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a command runs on.</summary>
public sealed class ExecuteCommandContext
{
    /// <summary>The AppHost's services.</summary>
    public required IServiceProvider ServiceProvider { get; init; }

    /// <summary>The resource id: that of a replica where processes run.</summary>
    public required string ResourceName { get; init; }

    /// <summary>Signalled when the command is given up.</summary>
    public required CancellationToken CancellationToken { get; init; }
}
