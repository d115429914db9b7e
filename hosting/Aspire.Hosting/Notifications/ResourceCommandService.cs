namespace Aspire.Hosting.ApplicationModel;

/// <summary>Runs commands of resources.</summary>
public class ResourceCommandService
{
    private readonly ResourceNotificationService _notifications;
    private readonly IServiceProvider _services;

    internal ResourceCommandService(ResourceNotificationService notifications, IServiceProvider services)
    {
        _notifications = notifications;
        _services = services;
    }

    /// <summary>Runs a command of one replica, or of each replica of a resource.</summary>
    /// <param name="resourceId">The replica's id, or the resource's name.</param>
    /// <param name="commandName">One of <see cref="KnownResourceCommands"/>, or a command that was added.</param>
    /// <param name="cancellationToken">Gives the command up.</param>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default)
    {
        var replicas = _notifications.TryGetCurrentState(resourceId, out var one) ? [one] : _notifications.CurrentStatesOf(resourceId);
        return ExecuteAsync(resourceId, replicas, commandName, cancellationToken);
    }

    /// <summary>Runs a command of each replica of a resource.</summary>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default) =>
        ExecuteAsync(resource.Name, _notifications.CurrentStatesOf(resource.Name), commandName, cancellationToken);

    private async Task<ExecuteCommandResult> ExecuteAsync(
        string name,
        IReadOnlyList<ResourceEvent> replicas,
        string commandName,
        CancellationToken cancellationToken)
    {
        if (replicas.Count == 0)
        {
            return CommandResults.Failure($"There is no resource '{name}'.");
        }

        var results = await Task.WhenAll(replicas.Select(replica => ExecuteAsync(replica, commandName, cancellationToken)));
        var failures = results.Where(result => !result.Success).Select(result => result.ErrorMessage).ToList();
        return failures.Count == 0 ? CommandResults.Success() : CommandResults.Failure(string.Join(Environment.NewLine, failures));
    }

    private async Task<ExecuteCommandResult> ExecuteAsync(ResourceEvent replica, string commandName, CancellationToken cancellationToken)
    {
        if (replica.Resource.Annotations.OfType<ResourceCommandAnnotation>().LastOrDefault(c => c.Name == commandName) is not { } command)
        {
            return CommandResults.Failure($"Resource '{replica.ResourceId}' has no command '{commandName}'.");
        }

        try
        {
            return await command.ExecuteCommand(new ExecuteCommandContext
            {
                ServiceProvider = _services,
                ResourceName = replica.ResourceId,
                CancellationToken = cancellationToken,
            });
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return CommandResults.Failure($"Command '{commandName}' of resource '{replica.ResourceId}' failed: {exception.Message}");
        }
    }
}
