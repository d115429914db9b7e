using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ImageEditor.ServiceDefaults.Telemetry;

/// <summary>Sends the last telemetry of a process that stops. A receiver that is gone costs it one second.</summary>
/// <remarks>By themselves the three providers wait for the receiver one after another, 5 s each.</remarks>
internal sealed class LastTelemetry(IServiceProvider services) : IHostedLifecycleService
{
    private const int TimeoutMilliseconds = 1000;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.WhenAll(
        Task.Run(() => services.GetService<TracerProvider>()?.Shutdown(TimeoutMilliseconds), CancellationToken.None),
        Task.Run(() => services.GetService<MeterProvider>()?.Shutdown(TimeoutMilliseconds), CancellationToken.None),
        Task.Run(() => services.GetService<LoggerProvider>()?.Shutdown(TimeoutMilliseconds), CancellationToken.None));

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
