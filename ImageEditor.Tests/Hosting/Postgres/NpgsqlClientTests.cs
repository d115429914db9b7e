using ImageEditor.Tests.Hosting.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Npgsql;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ImageEditor.Tests.Hosting.Postgres;

public sealed class NpgsqlClientTests
{
    [Fact]
    public async Task AddNpgsqlDataSource_WithoutConnectionString_ThrowsWhenResolvedAndNamesTheKey()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddNpgsqlDataSource("metadata");
        using var host = builder.Build();

        var exception = Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredService<NpgsqlDataSource>());
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

        Assert.Contains("ConnectionStrings:metadata", exception.Message, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Unhealthy, report.Status);
    }

    [Fact]
    public async Task AddNpgsqlDataSource_WhileTheServerIsDown_StartsUnhealthyAndConnectsLater()
    {
        await using var app = await TestApplication.StartAsync(builder => builder.AddPostgres("postgres").AddDatabase("metadata"), Models.Empty);
        await app.HealthyAsync("metadata");
        using var host = await ClientOfAsync(app);
        var health = host.Services.GetRequiredService<HealthCheckService>();
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(TestContext.Current.CancellationToken)).Status);

        Assert.True((await ExecuteAsync(app, KnownResourceCommands.StopCommand)).Success);
        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync(TestContext.Current.CancellationToken)).Status);

        Assert.True((await ExecuteAsync(app, KnownResourceCommands.StartCommand)).Success);
        await Until.TrueAsync(
            "the client has connected",
            TestApplication.Limit,
            async () => (await health.CheckHealthAsync(TestContext.Current.CancellationToken)).Status == HealthStatus.Healthy);
    }

    [Fact]
    public async Task AddNpgsqlDataSource_ThatIsUsed_MakesTracesAndMetrics()
    {
        await using var app = await TestApplication.StartAsync(builder => builder.AddPostgres("postgres").AddDatabase("metadata"), Models.Empty);
        await app.HealthyAsync("metadata");
        List<System.Diagnostics.Activity> activities = [];
        List<MetricSnapshot> metrics = [];
        using var host = await ClientOfAsync(app, builder => builder.Services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddProcessor(new OpenTelemetry.SimpleActivityExportProcessor(new ListExporter(activities))))
            .WithMetrics(instruments => instruments.AddReader(new BaseExportingMetricReader(new MetricExporter(metrics)))));
        await host.StartAsync(TestContext.Current.CancellationToken);

        await using (var command = host.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand("SELECT 41 + 1"))
        {
            Assert.Equal(42, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        }

        host.Services.GetRequiredService<MeterProvider>().ForceFlush();
        Assert.Contains(activities, activity => activity.Source.Name == "Npgsql");
        Assert.Contains(metrics, metric => metric.MeterName == "Npgsql");
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("Aspire:Npgsql")]
    [InlineData("Aspire:Npgsql:metadata")]
    public void AddNpgsqlDataSource_WithEverythingDisabled_AddsNone(string section)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(
        [
            new($"{section}:DisableHealthChecks", "true"), new($"{section}:DisableTracing", "true"), new($"{section}:DisableMetrics", "true"),
        ]);
        builder.AddNpgsqlDataSource("metadata");

        Assert.DoesNotContain(builder.Services, service => service.ServiceType == typeof(HealthCheckService));
        Assert.DoesNotContain(builder.Services, service => service.ServiceType == typeof(TracerProvider) || service.ServiceType == typeof(MeterProvider));
    }

    private static async Task<IHost> ClientOfAsync(TestApplication app, Action<HostApplicationBuilder>? describe = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var address = await app.App.GetConnectionStringAsync("metadata", TestContext.Current.CancellationToken);
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:metadata", address)]);
        builder.AddNpgsqlDataSource("metadata");
        describe?.Invoke(builder);
        return builder.Build();
    }

    private static Task<ExecuteCommandResult> ExecuteAsync(TestApplication app, string command) =>
        app.App.ResourceCommands.ExecuteCommandAsync("postgres", command, TestContext.Current.CancellationToken);

    private sealed class ListExporter(List<System.Diagnostics.Activity> activities) : OpenTelemetry.BaseExporter<System.Diagnostics.Activity>
    {
        public override OpenTelemetry.ExportResult Export(in OpenTelemetry.Batch<System.Diagnostics.Activity> batch)
        {
            foreach (var activity in batch)
            {
                activities.Add(activity);
            }

            return OpenTelemetry.ExportResult.Success;
        }
    }

    private sealed record MetricSnapshot(string MeterName);

    private sealed class MetricExporter(List<MetricSnapshot> metrics) : OpenTelemetry.BaseExporter<Metric>
    {
        public override OpenTelemetry.ExportResult Export(in OpenTelemetry.Batch<Metric> batch)
        {
            foreach (var metric in batch)
            {
                metrics.Add(new MetricSnapshot(metric.MeterName));
            }

            return OpenTelemetry.ExportResult.Success;
        }
    }
}
