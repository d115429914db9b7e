using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Processes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Running;

internal static class RunningServices
{
    /// <summary>Adds what runs the model.</summary>
    public static void AddRunning(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ResourceNotificationService>();
        services.AddSingleton(provider => new ResourceCommandService(provider.GetRequiredService<ResourceNotificationService>(), provider));
        services.AddSingleton(provider => HostingOptions.From(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton(provider => DataFolder.Of(
            provider.GetRequiredService<IConfiguration>(),
            provider.GetRequiredService<HostSettings>(),
            provider.GetRequiredService<IHostEnvironment>().ContentRootPath));
        services.AddSingleton<PortReservations>();
        services.AddSingleton<EndpointAllocator>();
        services.AddSingleton<ModelValidator>();
        services.AddSingleton<ChildEnvironment>();
        services.AddSingleton<Watchdog>();
        services.AddSingleton<ResourceConsole>();
        services.AddSingleton<ReplicaStates>();
        services.AddSingleton<Orchestrator>();
        services.AddHostedService(provider => provider.GetRequiredService<Orchestrator>());
    }
}
