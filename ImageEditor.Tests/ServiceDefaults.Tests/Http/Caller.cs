using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageEditor.ServiceDefaults.Tests.Http;

/// <summary>A process with service defaults that calls the service <c>http://service</c>.</summary>
internal sealed class Caller : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly EventNames _events = new();

    /// <param name="time">The process's clock; the system's by default.</param>
    /// <param name="addresses">The service's addresses.</param>
    public Caller(TimeProvider? time, params IEnumerable<string> addresses)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(
            addresses.Select((address, index) => KeyValuePair.Create<string, string?>($"services:service:http:{index}", address)));
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders().AddProvider(_events);
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        _host = builder.Build();
        Client = _host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("any");
        Client.BaseAddress = new Uri("http://service");
    }

    public Caller(params IEnumerable<string> addresses)
        : this(time: null, addresses)
    {
    }

    public HttpClient Client { get; }

    /// <summary>Names of the events that were logged.</summary>
    public IReadOnlyCollection<string?> Events => _events.Names;

    /// <summary>Whether the service is up by this process's metrics; null when there is no such figure.</summary>
    public bool? IsUpByMetrics()
    {
        bool? isUp = null;
        var factory = _host.Services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, itself) =>
        {
            // Other tests' processes have meters of the same name.
            if (instrument.Name == "services.up" && instrument.Meter.Scope == factory)
            {
                itself.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<int>((_, value, tags, _) =>
        {
            if (tags.Contains(new KeyValuePair<string, object?>("service", "service")))
            {
                isUp = value == 1;
            }
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return isUp;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    private sealed class EventNames : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string?> Names { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Names.Enqueue(eventId.Name);

        public void Dispose()
        {
        }
    }
}
