using ImageEditor.Tests.Hosting.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace ImageEditor.Tests.Hosting.Redis;

public sealed class RedisClientTests
{
    [Fact]
    public void AddRedisClient_WithoutConnectionString_ThrowsWhenResolvedAndNamesTheKey()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddRedisClient("job-store");
        using var host = builder.Build();

        var exception = Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredService<IConnectionMultiplexer>());

        Assert.Contains("ConnectionStrings:job-store", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddRedisClient_WhileTheStoreIsDown_StartsUnhealthyAndConnectsLater()
    {
        await using var app = await TestApplication.StartAsync(builder => builder.AddRedis("job-store"), Models.Empty);
        await app.HealthyAsync("job-store");
        Assert.True((await ExecuteAsync(app, KnownResourceCommands.StopCommand)).Success);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:job-store", await app.App.GetConnectionStringAsync("job-store", TestContext.Current.CancellationToken))]);
        builder.AddRedisClient("job-store", configureOptions: options => options.ConnectTimeout = 500);
        using var host = builder.Build();
        var health = host.Services.GetRequiredService<HealthCheckService>();

        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync(TestContext.Current.CancellationToken)).Status);
        Assert.True((await ExecuteAsync(app, KnownResourceCommands.StartCommand)).Success);

        await Until.TrueAsync(
            "the client has connected",
            TestApplication.Limit,
            async () => (await health.CheckHealthAsync(TestContext.Current.CancellationToken)).Status == HealthStatus.Healthy);
    }

    [Fact]
    public void AddRedisClient_WithHealthChecksDisabled_AddsNone()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("Aspire:StackExchange:Redis:DisableHealthChecks", "true")]);
        builder.AddRedisClient("job-store");

        Assert.DoesNotContain(builder.Services, service => service.ServiceType == typeof(HealthCheckService));
    }

    private static Task<ExecuteCommandResult> ExecuteAsync(TestApplication app, string command) =>
        app.App.ResourceCommands.ExecuteCommandAsync("job-store", command, TestContext.Current.CancellationToken);
}
