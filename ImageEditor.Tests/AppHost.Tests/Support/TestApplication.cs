using System.Collections.Concurrent;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ImageEditor.AppHost.Tests.Support;

/// <summary>The AppHost with another, small model: what it does for its resources on this machine, without the resources.</summary>
internal sealed class TestApplication : IAsyncDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<ResourceEvent> _events = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TemporaryFolder? _data;
    private readonly Task _watch;

    private TestApplication(DistributedApplication app, TemporaryFolder? data)
    {
        (App, _data) = (app, data);
        _watch = WatchAsync();
    }

    public DistributedApplication App { get; }

    /// <summary>Starts a model.</summary>
    /// <param name="model">Adds its resources. Their names are none of the AppHost's own, whose health checks stay registered.</param>
    /// <param name="args">Arguments of the AppHost; without a data folder among them it gets a temporary one.</param>
    public static async Task<TestApplication> StartAsync(Action<IDistributedApplicationBuilder> model, params string[] args)
    {
        var data = args.Any(arg => arg.StartsWith("--Local:DataDirectory=", StringComparison.Ordinal)) ? null : new TemporaryFolder();
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.ImageEditor_AppHost>(
            data is null ? args : [$"--Local:DataDirectory={data.Path}", .. args], TestContext.Current.CancellationToken);
        builder.Services.AddLogging(logging => logging.ClearProviders());
        builder.Resources.Clear();
        model(builder);
        var started = new TestApplication(await builder.BuildAsync(TestContext.Current.CancellationToken), data);
        try
        {
            await started.App.StartAsync(TestContext.Current.CancellationToken);
            return started;
        }
        catch
        {
            // What has not started cannot be stopped.
            started.App.Dispose();
            started._data?.Dispose();
            throw;
        }
    }

    /// <summary>Starts a model that has a mistake.</summary>
    /// <returns>What the AppHost says of it.</returns>
    public static async Task<string> RefusedAsync(Action<IDistributedApplicationBuilder> model, params string[] args)
    {
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync(model, args));
        return Assert.IsType<DistributedApplicationException>(refused.GetBaseException()).Message;
    }

    /// <summary>Waits until a resource is healthy.</summary>
    public async Task HealthyAsync(string resource)
    {
        using var limit = new CancellationTokenSource(Limit);
        await App.ResourceNotifications.WaitForResourceHealthyAsync(resource, limit.Token);
    }

    /// <summary>Waits until something that a resource's process went through since the start fits.</summary>
    public async Task<ResourceEvent> SeenAsync(string resource, Func<CustomResourceSnapshot, bool> fits)
    {
        ResourceEvent? seen = null;
        await Until.TrueAsync($"{resource} gets there", Limit, () =>
            Task.FromResult(
                (seen = _events.LastOrDefault(change => change.Resource.Name == resource && fits(change.Snapshot))) is not null));
        return seen!;
    }

    /// <summary>Waits until a resource has a running process, other than one.</summary>
    /// <returns>Its id.</returns>
    public async Task<int> RunningAsync(string resource, int otherThan = 0)
    {
        int? id = null;
        await Until.TrueAsync($"{resource} runs", Limit, () =>
        {
            var latest = _events.LastOrDefault(change => change.Resource.Name == resource)?.Snapshot;
            id = latest?.State?.Text == KnownResourceStates.Running ? ProcessId(latest) : null;
            return Task.FromResult(id is not null && id != otherThan);
        });
        return id!.Value;
    }

    /// <summary>How often the states of a resource have changed to one.</summary>
    public int Count(string resource, string state) =>
        _events
            .Where(change => change.Resource.Name == resource && change.Snapshot.State?.Text == state)
            .Select(change => change.Snapshot.StartTimeStamp)
            .Distinct()
            .Count();

    /// <summary>Runs a command of a resource.</summary>
    public async Task CommandAsync(string resource, string command) =>
        Assert.True((await App.ResourceCommands.ExecuteCommandAsync(resource, command, TestContext.Current.CancellationToken)).Success);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watch;
        await App.DisposeAsync();
        _stop.Dispose();
        _data?.Dispose();
    }

    private static int? ProcessId(CustomResourceSnapshot snapshot) =>
        snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value is { } value
            && int.TryParse(value.ToString(), out var id)
            && id > 0
            ? id
            : null;

    private async Task WatchAsync()
    {
        try
        {
            await foreach (var change in App.ResourceNotifications.WatchAsync(_stop.Token))
            {
                _events.Enqueue(change);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The test is over.
        }
    }
}
