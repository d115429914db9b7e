using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>The application: all of its resources, described and ready to run.</summary>
public class DistributedApplication : IHost, IAsyncDisposable
{
    private readonly IHost _host;
    private readonly IBuildInterceptor? _interceptor;
    private int _disposed;

    internal DistributedApplication(IHost host, IBuildInterceptor? interceptor)
    {
        _host = host;
        _interceptor = interceptor;
        ResourceNotifications = host.Services.GetRequiredService<ResourceNotificationService>();
        ResourceCommands = host.Services.GetRequiredService<ResourceCommandService>();
    }

    /// <summary>The AppHost's own services.</summary>
    public IServiceProvider Services => _host.Services;

    /// <summary>The states of the resources.</summary>
    public ResourceNotificationService ResourceNotifications { get; }

    /// <summary>Starts, stops and restarts resources.</summary>
    public ResourceCommandService ResourceCommands { get; }

    /// <summary>Describes a new application.</summary>
    /// <param name="args">The command line, which is configuration.</param>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => new DistributedApplicationBuilder(args);

    /// <summary>Starts the resources, in order and otherwise side by side. Does not wait until they are healthy.</summary>
    /// <exception cref="DistributedApplicationException">The model has a mistake, or a port or the data is in use.</exception>
    public Task StartAsync(CancellationToken cancellationToken = default) => _host.StartAsync(cancellationToken);

    /// <summary>Stops the resources: those first that others do not wait for.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => _host.StopAsync(cancellationToken);

    /// <summary>Runs the application until Ctrl+C or SIGTERM.</summary>
    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <summary>Runs the application until Ctrl+C, SIGTERM or the token. What keeps it from running is told on the console, with exit code 1.</summary>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (_interceptor is not null)
        {
            await _interceptor.RunAsync(this);
            return;
        }

        try
        {
            await _host.RunAsync(cancellationToken);
        }
        catch (DistributedApplicationException mistake)
        {
            await Console.Error.WriteLineAsync($"The application cannot run: {mistake.Message}");
            Environment.ExitCode = 1;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    /// <summary>Stops the resources and lets go of everything.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _host.Services.GetRequiredService<Orchestrator>().StopAsync(CancellationToken.None);
            await ((IAsyncDisposable)_host).DisposeAsync();
            await (_interceptor?.DisposedAsync() ?? ValueTask.CompletedTask);
        }

        GC.SuppressFinalize(this);
    }
}
