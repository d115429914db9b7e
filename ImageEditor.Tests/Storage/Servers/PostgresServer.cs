extern alias TestAppHost;

using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Npgsql;

namespace ImageEditor.Tests.Storage.Servers;

/// <summary>A real PostgreSQL server for all tests, run as the AppHost runs it; each test that wants one gets a database of its own.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private const string Name = "postgres";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private DistributedApplication? _app;
    private string _address = "";
    private int _databases;

    public async ValueTask InitializeAsync()
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<TestAppHost::Program>(["--Models=none"]);
        builder.AddPostgres(Name).AddDatabase("metadata");
        _app = await builder.BuildAsync();
        await _app.StartAsync();
        await HealthyAsync("metadata");
        _address = (await _app.GetConnectionStringAsync("metadata"))!;
    }

    /// <summary>Makes an empty database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        await using var source = NpgsqlDataSource.Create(_address);
        await using var command = source.CreateCommand($"create database {name}");
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(_address) { Database = name }.ConnectionString;
    }

    /// <summary>Stops the server.</summary>
    public Task StopAsync() => CommandAsync(KnownResourceCommands.StopCommand);

    /// <summary>Starts it again on its data, and waits until it answers.</summary>
    public async Task StartAsync()
    {
        await CommandAsync(KnownResourceCommands.StartCommand);
        await HealthyAsync("metadata");
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    private async Task CommandAsync(string command) =>
        Assert.True((await _app!.ResourceCommands.ExecuteCommandAsync(Name, command)).Success);

    private async Task HealthyAsync(string resource)
    {
        using var deadline = new CancellationTokenSource(Limit);
        await _app!.ResourceNotifications.WaitForResourceHealthyAsync(resource, deadline.Token);
    }
}
