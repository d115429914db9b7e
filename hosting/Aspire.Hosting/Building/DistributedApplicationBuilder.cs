using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>Describes the application.</summary>
public class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly HostApplicationBuilder _host;
    private readonly IBuildInterceptor? _interceptor = IBuildInterceptor.Current.Value;

    /// <summary>Makes a builder for the AppHost that is the entry assembly.</summary>
    /// <param name="args">The command line, which is configuration.</param>
    public DistributedApplicationBuilder(string[] args)
    {
        Settings = _interceptor?.Configure(args)
            ?? new HostSettings(args, Assembly.GetEntryAssembly() ?? typeof(DistributedApplicationBuilder).Assembly, IsTest: false);
        AppHostDirectory = AssemblyFacts.Find(Settings.AppHost, "AppHostProjectPath") ?? Directory.GetCurrentDirectory();
        _host = new HostApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = Settings.Args,
            ApplicationName = Settings.AppHost.GetName().Name,
            ContentRootPath = AppHostDirectory,
            // As in Aspire: an AppHost runs on a developer's machine unless its environment says otherwise.
            EnvironmentName = System.Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT")
                ?? System.Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT")
                ?? Environments.Development,
        });
        ExecutionContext = new DistributedApplicationExecutionContext(OperationOf(_host.Configuration));
        AddServices();
    }

    /// <inheritdoc/>
    public ConfigurationManager Configuration => _host.Configuration;

    /// <inheritdoc/>
    public string AppHostDirectory { get; }

    /// <inheritdoc/>
    public IHostEnvironment Environment => _host.Environment;

    /// <inheritdoc/>
    public IServiceCollection Services => _host.Services;

    /// <inheritdoc/>
    public DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <inheritdoc/>
    public IResourceCollection Resources { get; } = new ResourceCollection();

    internal HostSettings Settings { get; }

    /// <inheritdoc/>
    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        if (Resources.Any(other => string.Equals(other.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new DistributedApplicationException($"There are two resources named '{resource.Name}' (names are compared without regard to case).");
        }

        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    /// <inheritdoc/>
    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => new ResourceBuilder<T>(this, resource);

    /// <inheritdoc/>
    public DistributedApplication Build()
    {
        _interceptor?.Describing(this);
        var application = new DistributedApplication(_host.Build(), _interceptor);
        _interceptor?.Built(application);
        return application;
    }

    private static DistributedApplicationOperation OperationOf(ConfigurationManager configuration) =>
        configuration["publisher"] is not null || string.Equals(configuration["operation"], "publish", StringComparison.OrdinalIgnoreCase)
            ? DistributedApplicationOperation.Publish
            : DistributedApplicationOperation.Run;

    private void AddServices()
    {
        // The console shows resources (ConsoleReporter); a framework's own lines would drown them.
        Services.AddLogging(logging => logging.ClearProviders());
        Services.AddSingleton(ExecutionContext);
        Services.AddSingleton(Settings);
        Services.AddSingleton(new DistributedApplicationModel(Resources));
        Services.AddRunning();
        if (Settings.IsTest)
        {
            Services.AddSingleton<IHostLifetime, NoLifetime>();
        }
    }
}
