using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.Redis;
using ImageEditor.Tests.Hosting.Support;
using StackExchange.Redis;

namespace ImageEditor.Tests.Hosting.Redis;

/// <summary>Each server that stands for Redis starts, asks for its password, survives kill -9 and keeps its data.</summary>
public sealed class RedisServerTests
{
    [Theory]
    [InlineData(RedisServerKind.Redis)]
    [InlineData(RedisServerKind.Garnet)]
    public async Task Store_Killed_IsStartedAgainOnItsPortWithItsData(RedisServerKind server)
    {
        await using var app = await StartAsync(server);
        var pid = await app.HealthyReplicaAsync("store-0");
        var connectionString = await app.App.GetConnectionStringAsync("store", TestContext.Current.CancellationToken);
        Assert.Contains(server == RedisServerKind.Redis ? "redis-server" : "GarnetServer", CommandLine(pid), StringComparison.Ordinal);

        await using (var connection = await ConnectionMultiplexer.ConnectAsync(connectionString!))
        {
            var store = connection.GetDatabase();
            for (var i = 0; i < 100; i++)
            {
                await store.ScriptEvaluateAsync("return redis.call('HSET', KEYS[1], 'n', ARGV[1])", ["key"], [i]);
            }
        }

        Process.GetProcessById(pid).Kill();
        await app.HealthyReplicaAsync("store-0", otherThan: pid);

        await using var again = await ConnectionMultiplexer.ConnectAsync(connectionString!);
        Assert.Equal("99", await again.GetDatabase().HashGetAsync("key", "n"));
    }

    [Theory]
    [InlineData(RedisServerKind.Redis)]
    [InlineData(RedisServerKind.Garnet)]
    public async Task Store_WithoutThePassword_RefusesAndPublishesToWhoHasIt(RedisServerKind server)
    {
        await using var app = await StartAsync(server);
        await app.HealthyAsync("store");
        var connectionString = (await app.App.GetConnectionStringAsync("store", TestContext.Current.CancellationToken))!;
        var address = connectionString.Split(',')[0];

        await Assert.ThrowsAnyAsync<RedisException>(async () =>
        {
            await using var stranger = await ConnectionMultiplexer.ConnectAsync(address);
            await stranger.GetDatabase().PingAsync();
        });

        await using var connection = await ConnectionMultiplexer.ConnectAsync(connectionString);
        var received = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await connection.GetSubscriber().SubscribeAsync(RedisChannel.Literal("news"), (_, message) => received.TrySetResult(message!));
        await connection.GetSubscriber().PublishAsync(RedisChannel.Literal("news"), "hello");
        Assert.Equal("hello", await received.Task.WaitAsync(TestApplication.Limit, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Redis_IsDurableAndRefusesWhenFull()
    {
        await using var app = await StartAsync(RedisServerKind.Redis, "--Hosting:Redis:MemoryBytes=100000000");
        await app.HealthyAsync("store");

        var options = ConfigurationOptions.Parse((await app.App.GetConnectionStringAsync("store", TestContext.Current.CancellationToken))!);
        options.AllowAdmin = true;
        await using var connection = await ConnectionMultiplexer.ConnectAsync(options);
        var settings = (await connection.GetServers()[0].ConfigGetAsync()).ToDictionary(setting => setting.Key, setting => setting.Value);
        Assert.Equal("yes", settings["appendonly"]);
        Assert.Equal("always", settings["appendfsync"]);
        Assert.Equal("noeviction", settings["maxmemory-policy"]);
        Assert.Equal("100000000", settings["maxmemory"]);
        Assert.Equal("127.0.0.1", settings["bind"]);
        Assert.Equal("60 1", settings["save"]);
    }

    private static Task<TestApplication> StartAsync(RedisServerKind server, params string[] args) => TestApplication.StartAsync(
        builder => builder.AddRedis("store").WithDataVolume().WithPersistence(),
        [Models.Empty, $"--Hosting:Redis:Server={server}", .. args]);

    private static string CommandLine(int pid) => File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cmdline"));
}
