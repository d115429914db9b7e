extern alias TestAppHost;

using System.Diagnostics;
using System.Globalization;
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
    private int _postmaster;
    private string[] _frozen = [];
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

    /// <summary>Stops the server's processes in their tracks: connections stay open, and nothing answers.</summary>
    public async Task FreezeAsync()
    {
        await using (var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(_address) { Pooling = false }))
        await using (var command = source.CreateCommand("select (pg_read_file('postmaster.pid', 0, 20)::text)"))
        {
            _postmaster = int.Parse(((string)(await command.ExecuteScalarAsync())!).Split('\n')[0], CultureInfo.InvariantCulture);
        }

        // The postmaster first, so that it makes no further ones.
        await SignalAsync("STOP", $"{_postmaster}");
        _frozen = [.. Directory.GetDirectories("/proc").Select(Path.GetFileName).OfType<string>().Where(IsChild)];
        await SignalAsync("STOP", _frozen);
    }

    /// <summary>Lets frozen processes go on.</summary>
    public Task ThawAsync() => SignalAsync("CONT", [.. _frozen, $"{_postmaster}"]);

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

    private bool IsChild(string process)
    {
        try
        {
            return File.ReadLines($"/proc/{process}/status").Any(line => line == $"PPid:\t{_postmaster}");
        }
        catch (IOException)
        {
            // No process, or one that has ended.
            return false;
        }
    }

    private static async Task SignalAsync(string signal, params string[] processes)
    {
        using var kill = Process.Start("kill", [$"-{signal}", .. processes]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    private async Task CommandAsync(string command) =>
        Assert.True((await _app!.ResourceCommands.ExecuteCommandAsync(Name, command)).Success);

    private async Task HealthyAsync(string resource)
    {
        using var deadline = new CancellationTokenSource(Limit);
        await _app!.ResourceNotifications.WaitForResourceHealthyAsync(resource, deadline.Token);
    }
}
