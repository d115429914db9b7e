using System.Globalization;
using ImageEditor.AppHost.Local.Redis;
using ImageEditor.AppHost.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ImageEditor.AppHost.Tests.Local.Redis;

/// <summary>Each server that stands for Redis starts, asks for its password, survives kill -9 and keeps its data.</summary>
public sealed class RedisTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("redis", "redis-server")]
    [InlineData("garnet", "GarnetServer")]
    public async Task Store_Killed_IsStartedAgainOnItsPortWithItsData(string server, string program)
    {
        await using var app = await StartAsync(server);
        await app.HealthyAsync("store");
        var process = await app.RunningAsync("store");
        var connectionString = await AddressAsync(app);
        Assert.Contains(
            program,
            await File.ReadAllTextAsync(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/cmdline"), Cancel),
            StringComparison.Ordinal);
        await using (var connection = await ConnectionMultiplexer.ConnectAsync(connectionString))
        {
            var store = connection.GetDatabase();
            for (var i = 0; i < 100; i++)
            {
                await store.ScriptEvaluateAsync("return redis.call('HSET', KEYS[1], 'n', ARGV[1])", ["key"], [i]);
            }
        }

        Signals.KillProcess(process);
        await app.RunningAsync("store", otherThan: process);

        await using var again = await ConnectionMultiplexer.ConnectAsync(connectionString + ",abortConnect=false,connectRetry=20");
        await Until.TrueAsync("the store answers", TestApplication.Limit, async () =>
        {
            try
            {
                return await again.GetDatabase().HashGetAsync("key", "n") == "99";
            }
            catch (RedisException)
            {
                return false;
            }
        }, Cancel);
    }

    [Theory]
    [InlineData("redis")]
    [InlineData("garnet")]
    public async Task Store_WithoutThePassword_RefusesAndPublishesToWhoHasIt(string server)
    {
        await using var app = await StartAsync(server);
        await app.HealthyAsync("store");
        var connectionString = await AddressAsync(app);

        await Assert.ThrowsAnyAsync<RedisException>(async () =>
        {
            await using var stranger = await ConnectionMultiplexer.ConnectAsync(connectionString.Split(',')[0]);
            await stranger.GetDatabase().PingAsync();
        });

        await using var connection = await ConnectionMultiplexer.ConnectAsync(connectionString);
        var received = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await connection.GetSubscriber().SubscribeAsync(RedisChannel.Literal("news"), (_, message) => received.TrySetResult(message!));
        await connection.GetSubscriber().PublishAsync(RedisChannel.Literal("news"), "hello");
        Assert.Equal("hello", await received.Task.WaitAsync(TestApplication.Limit, Cancel));
    }

    [Fact]
    public async Task Redis_IsDurableAndRefusesWhenFull()
    {
        await using var app = await StartAsync("redis", "--Local:Redis:MemoryBytes=100000000");
        await app.HealthyAsync("store");

        await using var connection = await ConnectionMultiplexer.ConnectAsync(await AddressAsync(app) + ",allowAdmin=true");
        var settings = (await connection.GetServers()[0].ConfigGetAsync()).ToDictionary(setting => setting.Key, setting => setting.Value);
        Assert.Equal("yes", settings["appendonly"]);
        Assert.Equal("always", settings["appendfsync"]);
        Assert.Equal("noeviction", settings["maxmemory-policy"]);
        Assert.Equal("100000000", settings["maxmemory"]);
        Assert.Equal("127.0.0.1", settings["bind"]);
        Assert.Equal("", settings["save"]);
    }

    [Fact]
    public void Find_OfAServerThatThereIsNot_SaysWhichThereAre() =>
        Assert.Contains(
            "auto, redis, valkey or garnet",
            Assert.Throws<DistributedApplicationException>(() => RedisServer.Find("memcached")).Message,
            StringComparison.Ordinal);

    private static Task<TestApplication> StartAsync(string server, params string[] args) =>
        TestApplication.StartAsync(builder => builder.AddRedisProcess("store"), [$"--Local:Redis:Server={server}", .. args]);

    private static async Task<string> AddressAsync(TestApplication app)
    {
        var store = app.App.Services.GetRequiredService<DistributedApplicationModel>().Resources.OfType<RedisProcessResource>().Single();
        return (await store.ConnectionStringExpression.GetValueAsync(Cancel))!;
    }
}
