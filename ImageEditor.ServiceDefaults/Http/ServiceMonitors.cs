using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace ImageEditor.ServiceDefaults.Http;

/// <summary>A monitor for each service that this process has called.</summary>
internal sealed class ServiceMonitors : IAsyncDisposable
{
    private const string MeterName = "ImageEditor.ServiceDefaults";

    private readonly ConcurrentDictionary<string, ServiceMonitor> _monitors = new(StringComparer.OrdinalIgnoreCase);
    private readonly HealthProbe _probe;
    private readonly TimeProvider _time;
    private readonly ILogger<ServiceMonitor> _logger;

    public ServiceMonitors(HealthProbe probe, TimeProvider time, IMeterFactory meters, ILogger<ServiceMonitor> logger)
    {
        _probe = probe;
        _time = time;
        _logger = logger;
        meters.Create(MeterName).CreateObservableGauge(
            "services.up",
            () => _monitors.Values.Select(
                monitor => new Measurement<int>(monitor.IsDown ? 0 : 1, new KeyValuePair<string, object?>("service", monitor.Name))),
            description: "1 while a service that this process calls is up, 0 while it is down");
    }

    /// <summary>Gets the monitor of the service at an address, whatever the path is.</summary>
    public ServiceMonitor Get(Uri address) => _monitors.GetOrAdd(
        address.Authority,
        static (_, of) =>
            new ServiceMonitor(new Uri(of.address.GetLeftPart(UriPartial.Authority)), of.self._probe, of.self._time, of.self._logger),
        (self: this, address));

    public async ValueTask DisposeAsync()
    {
        foreach (var monitor in _monitors.Values)
        {
            await monitor.DisposeAsync();
        }
    }
}
