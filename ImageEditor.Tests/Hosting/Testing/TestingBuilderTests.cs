using ImageEditor.Tests.Hosting.Support;

namespace ImageEditor.Tests.Hosting.Testing;

public sealed class TestingBuilderTests
{
    [Fact]
    public async Task CreateAsync_RunsTheAppHostItself_OnRandomPorts()
    {
        await using var app = await TestApplication.StartAsync(
            builder =>
            {
                Assert.Equal(["store", "back-end", "front"], builder.Resources.Select(resource => resource.Name));
                var front = (ProjectResource)builder.Resources.Single(resource => resource.Name == "front");
                builder.CreateResourceBuilder(front).WithEnvironment("ADDED", "by the test");
            },
            "--FrontPort=18080");
        await app.HealthyAsync("front");

        Assert.NotEqual(18080, app.App.GetEndpoint("front").Port);
        Assert.Equal("by the test", (await app.EnvironmentOfAsync("front"))["ADDED"]);
        Assert.Equal(KnownResourceStates.Running, await app.App.ResourceNotifications.WaitForResourceAsync(
            "front", [KnownResourceStates.Running, KnownResourceStates.FailedToStart], TestContext.Current.CancellationToken));
        await app.App.ResourceNotifications.WaitForResourceAsync("front", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Throws<ArgumentException>(() => app.App.GetEndpoint("front", "admin"));
        Assert.Throws<ArgumentException>(() => app.App.GetEndpoint("ghost"));
        await Assert.ThrowsAsync<ArgumentException>(async () => await app.App.GetConnectionStringAsync("front", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Start_SeveralAtOnceAndAgain_EachHasItsOwn()
    {
        for (var round = 0; round < 2; round++)
        {
            var apps = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => TestApplication.StartAsync(_ => { })));
            await Task.WhenAll(apps.Select(app => app.HealthyAsync("front")));

            Assert.Equal(3, apps.Select(app => app.App.GetEndpoint("front").Port).Distinct().Count());
            await Task.WhenAll(apps.Select(app => app.DisposeAsync().AsTask()));
        }
    }

    [Fact]
    public async Task Dispose_StopsTheProcessesAndRemovesTheData_AndLogsStayWhereTheyWereSent()
    {
        using var logs = new TemporaryFolder();
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Program>([$"--Hosting:LogDirectory={logs.Path}"], TestContext.Current.CancellationToken);
        var data = builder.Configuration["Hosting:DataDirectory"]!;
        var app = await builder.BuildAsync(TestContext.Current.CancellationToken);
        await app.StartAsync(TestContext.Current.CancellationToken);
        var front = await app.ResourceNotifications.WaitForResourceHealthyAsync("front", TestContext.Current.CancellationToken);
        Assert.True(Directory.Exists(data));

        await app.DisposeAsync();

        Assert.False(Directory.Exists(data));
        Assert.Throws<ArgumentException>(() => System.Diagnostics.Process.GetProcessById(TestApplication.PidOf(front.Snapshot)!.Value));
        Assert.Equal(
            ["apphost.log", "back-end-0.log", "back-end-1.log", "front-0.log", "store-0.log"],
            Directory.GetFiles(logs.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        await builder.DisposeAsync();
    }

    [Fact]
    public async Task Dispose_OfABuilderThatWasNotBuilt_EndsTheEntryPoint()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Program>(TestContext.Current.CancellationToken);

        Assert.NotEmpty(builder.Resources);
    }

    [Fact]
    public async Task AddProject_ThatIsNotBuilt_SaysWhereItLooked()
    {
        using var logs = new TemporaryFolder();
        await using var app = await TestApplication.StartAsync(
            builder => builder.AddProject("ghost", "../Ghost/Ghost.csproj"), Models.Empty, $"--Hosting:LogDirectory={logs.Path}");

        await app.ReplicaAsync("ghost-0", s => s.State?.Text == KnownResourceStates.FailedToStart);
        await app.DisposeAsync();
        Assert.Contains("Ghost.dll", File.ReadAllText(Path.Combine(logs.Path, "apphost.log")), StringComparison.Ordinal);
    }
}
