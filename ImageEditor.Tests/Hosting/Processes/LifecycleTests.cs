using System.Diagnostics;
using ImageEditor.Tests.Hosting.Support;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageEditor.Tests.Hosting.Processes;

public sealed class LifecycleTests
{
    [Fact]
    public async Task Process_Killed_IsStartedAgainOnItsPort()
    {
        await using var app = await TestApplication.StartAsync(builder => builder.AddService("one").WithReplicas(2), Models.Empty);
        var pid = await app.HealthyReplicaAsync("one-0");
        var other = await app.HealthyReplicaAsync("one-1");

        for (var round = 0; round < 3; round++)
        {
            Process.GetProcessById(pid).Kill();
            pid = await app.HealthyReplicaAsync("one-0", otherThan: pid);
            using var client = app.Client("one");
            Assert.Equal(pid, await client.GetFromJsonAsync<int>("/pid", TestContext.Current.CancellationToken));
        }

        Assert.Equal(other, await app.HealthyReplicaAsync("one-1"));
    }

    [Fact]
    public async Task Process_ThatEndsBeforeItIsHealthy_FailsToStartAndIsTriedOn()
    {
        await using var app = await TestApplication.StartAsync(builder => builder.AddService("one").WithEnvironment("EXIT_CODE", "7"), Models.Empty);

        var failed = await Assert.ThrowsAsync<DistributedApplicationException>(() => app.HealthyAsync("one"));
        Assert.Contains("one-0", failed.Message, StringComparison.Ordinal);
        var exited = await app.ReplicaAsync("one-0", s => s.State?.Text == KnownResourceStates.Exited);
        Assert.Equal(7, exited.ExitCode);
    }

    [Fact]
    public async Task Program_ThatIsNotThere_FailsToStart()
    {
        await using var app = await TestApplication.StartAsync(builder => builder.AddExecutable("one", "no-such-program", "."), Models.Empty);

        await app.ReplicaAsync("one-0", s => s.State?.Text == KnownResourceStates.FailedToStart);
    }

    [Fact]
    public async Task WaitFor_AndWaitForCompletion_StartInOrder()
    {
        await using var app = await TestApplication.StartAsync(
            builder =>
            {
                var task = builder.AddExecutable("task", "sh", ".", "-c", "exit 3");
                var back = builder.AddService("back").WithReplicas(2).WaitForCompletion(task, exitCode: 3);
                builder.AddService("front").WaitFor(back);
            },
            Models.Empty);
        await app.HealthyAsync("front");

        var task = await app.ReplicaAsync("task-0", s => s.State?.Text == KnownResourceStates.Finished);
        var first = await app.ReplicaAsync("back-0", s => s.HealthStatus == HealthStatus.Healthy);
        var second = await app.ReplicaAsync("back-1", s => s.HealthStatus == HealthStatus.Healthy);
        var front = await app.ReplicaAsync("front-0", s => s.HealthStatus == HealthStatus.Healthy);
        Assert.Equal(3, task.ExitCode);
        Assert.True(task.StopTimeStamp <= first.StartTimeStamp && task.StopTimeStamp <= second.StartTimeStamp);
        Assert.True(first.StartTimeStamp < front.StartTimeStamp && second.StartTimeStamp < front.StartTimeStamp);
    }

    [Fact]
    public async Task WaitForCompletion_WithAnotherExitCode_DoesNotStart()
    {
        await using var app = await TestApplication.StartAsync(
            builder => builder.AddService("front").WaitForCompletion(builder.AddExecutable("task", "sh", ".", "-c", "exit 1")),
            Models.Empty);

        await app.ReplicaAsync("front-0", s => s.State?.Text == KnownResourceStates.FailedToStart);
    }

    [Fact]
    public async Task Commands_StopStartRestart_OneReplicaOrAll()
    {
        await using var app = await TestApplication.StartAsync(builder => builder.AddService("one").WithReplicas(2), Models.Empty);
        var first = await app.HealthyReplicaAsync("one-0");
        var second = await app.HealthyReplicaAsync("one-1");

        Assert.True((await ExecuteAsync(app, "one-0", KnownResourceCommands.StopCommand)).Success);
        await app.ReplicaAsync("one-0", s => s.State?.Text == KnownResourceStates.Exited && s.ExitCode == 0);
        Assert.Equal(second, await app.HealthyReplicaAsync("one-1"));

        Assert.True((await ExecuteAsync(app, "one-0", KnownResourceCommands.StartCommand)).Success);
        var again = await app.HealthyReplicaAsync("one-0");
        Assert.NotEqual(first, again);

        Assert.True((await ExecuteAsync(app, "one", KnownResourceCommands.RestartCommand)).Success);
        await app.HealthyReplicaAsync("one-0", otherThan: again);
        await app.HealthyReplicaAsync("one-1", otherThan: second);

        Assert.False((await ExecuteAsync(app, "two", KnownResourceCommands.StopCommand)).Success);
        Assert.False((await ExecuteAsync(app, "one", "no-such-command")).Success);
    }

    [Fact]
    public async Task WithCommand_Added_Runs()
    {
        await using var app = await TestApplication.StartAsync(
            builder => builder.AddService("one")
                .WithCommand("greet", "Greet", context => Task.FromResult(
                    context.ResourceName == "one-0" ? CommandResults.Success() : CommandResults.Failure(context.ResourceName)))
                .WithUrl("https://example.org/", "more"),
            Models.Empty);

        Assert.True((await ExecuteAsync(app, "one", "greet")).Success);
        Assert.True(app.App.ResourceNotifications.TryGetCurrentState("one", out var state));
        Assert.Contains(state.Snapshot.Urls, url => url.Url == "https://example.org/");
    }

    [Fact]
    public async Task Health_ThatChanges_IsTold()
    {
        await using var app = await TestApplication.StartAsync(builder => builder.AddService("one"), Models.Empty);
        await app.HealthyAsync("one");
        using var client = app.Client("one");

        await client.PutAsync(new Uri("/health/503", UriKind.Relative), null, TestContext.Current.CancellationToken);
        var unhealthy = await app.ReplicaAsync("one-0", s => s.HealthStatus == HealthStatus.Unhealthy && s.HealthReports[0].Status is not null);
        Assert.Contains("503", unhealthy.HealthReports[0].Description, StringComparison.Ordinal);

        await client.PutAsync(new Uri("/health/200", UriKind.Relative), null, TestContext.Current.CancellationToken);
        await app.HealthyReplicaAsync("one-0");
    }

    [Fact]
    public async Task Stop_OfAProcessThatDoesNotEnd_KillsItAndItsChildrenAfterTheGracePeriod()
    {
        var folder = Directory.CreateTempSubdirectory("stubborn-").FullName;
        await using var app = await TestApplication.StartAsync(
            builder => builder.AddExecutable("stubborn", "sh", folder, "-c", "trap '' TERM; touch deaf; sleep 1000 & while true; do wait; done"),
            Models.Empty,
            "--Hosting:GracePeriodSeconds=0.5");
        await Until.TrueAsync("it is deaf to SIGTERM", TestApplication.Limit, () => File.Exists(Path.Combine(folder, "deaf")));

        await ExecuteAsync(app, "stubborn", KnownResourceCommands.StopCommand);

        var stopped = await app.ReplicaAsync("stubborn-0", s => s.State?.Text == KnownResourceStates.Exited);
        Assert.Equal(128 + 9, stopped.ExitCode);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Stop_OfTheApplication_StopsWhoRefersBeforeWhoIsReferredTo()
    {
        var folder = Directory.CreateTempSubdirectory("slow-").FullName;
        await using var app = await TestApplication.StartAsync(
            builder =>
            {
                var back = builder.AddService("back");
                var front = builder.AddExecutable("front", "sh", folder, "-c", "trap 'sleep 0.5; exit 0' TERM; touch ready; sleep 1000 & wait")
                    .WithHttpEndpoint()
                    .WithReference(back.GetEndpoint("http"));
                back.WithEnvironment("CALL_BACK", front.GetEndpoint("http"));
                front.WaitFor(back);
            },
            Models.Empty);
        await Until.TrueAsync("front takes its time over SIGTERM", TestApplication.Limit, () => File.Exists(Path.Combine(folder, "ready")));

        await app.App.StopAsync(TestContext.Current.CancellationToken);

        var back = await app.ReplicaAsync("back-0", s => s.State?.Text == KnownResourceStates.Exited);
        var front = await app.ReplicaAsync("front-0", s => s.State?.Text == KnownResourceStates.Exited);
        Assert.True(front.StopTimeStamp <= back.StopTimeStamp);
        Directory.Delete(folder, recursive: true);
    }

    private static Task<ExecuteCommandResult> ExecuteAsync(TestApplication app, string id, string command) =>
        app.App.ResourceCommands.ExecuteCommandAsync(id, command, TestContext.Current.CancellationToken);
}
