using Aspire.Hosting.Running;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageEditor.Tests.Hosting.Support;

/// <summary>The AppHost of Programs/TestAppHost in this process, with verbs for tests.</summary>
internal sealed class TestApplication : IAsyncDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly DistributedApplication _app;

    private TestApplication(DistributedApplication app) => _app = app;

    public DistributedApplication App => _app;

    /// <summary>Describes and starts the model: an empty one but for what the test adds, unless arguments say more.</summary>
    public static async Task<TestApplication> StartAsync(Action<IDistributedApplicationTestingBuilder> describe, params string[] args)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Program>(args, TestContext.Current.CancellationToken);
        try
        {
            describe(builder);
            var app = new TestApplication(await builder.BuildAsync(TestContext.Current.CancellationToken));
            await app._app.StartAsync(TestContext.Current.CancellationToken);
            return app;
        }
        catch
        {
            await builder.DisposeAsync();
            throw;
        }
    }

    public HttpClient Client(string resource) => _app.CreateHttpClient(resource, "http");

    public async Task<Dictionary<string, string>> EnvironmentOfAsync(string resource)
    {
        using var client = Client(resource);
        return (await client.GetFromJsonAsync<Dictionary<string, string>>("/environment", TestContext.Current.CancellationToken))!;
    }

    public async Task HealthyAsync(params string[] resources)
    {
        using var limit = Deadline();
        foreach (var resource in resources)
        {
            await _app.ResourceNotifications.WaitForResourceHealthyAsync(resource, limit.Token);
        }
    }

    /// <summary>Waits for a state of one replica.</summary>
    public async Task<CustomResourceSnapshot> ReplicaAsync(string id, Func<CustomResourceSnapshot, bool> predicate)
    {
        using var limit = Deadline();
        await foreach (var change in _app.ResourceNotifications.WatchAsync(limit.Token))
        {
            if (change.ResourceId == id && predicate(change.Snapshot))
            {
                return change.Snapshot;
            }
        }

        throw new TimeoutException($"'{id}' did not get there.");
    }

    /// <summary>Waits until a replica is healthy, as another process than before where one is given.</summary>
    /// <returns>Its process id.</returns>
    public async Task<int> HealthyReplicaAsync(string id, int? otherThan = null) =>
        PidOf(await ReplicaAsync(id, s => s.HealthStatus == HealthStatus.Healthy && PidOf(s) != otherThan))!.Value;

    public static int? PidOf(CustomResourceSnapshot snapshot) =>
        (int?)snapshot.Properties.FirstOrDefault(property => property.Name == ReplicaStates.ProcessIdProperty)?.Value;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static CancellationTokenSource Deadline()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        return limit;
    }
}
