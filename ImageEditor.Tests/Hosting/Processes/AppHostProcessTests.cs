using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ImageEditor.Tests.Hosting.Support;

namespace ImageEditor.Tests.Hosting.Processes;

/// <summary>A real AppHost: what is left when it ends, in whatever way, and what keeps it from starting.</summary>
public sealed class AppHostProcessTests
{
    private const int ServicesAndStore = 4;
    private static readonly TimeSpan OrphanLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task Kill_OfTheAppHost_LeavesNoChild()
    {
        using var data = new TemporaryFolder();
        // Each back end starts a child that is in a session of its own.
        await using var host = AppHostProcess.Start(data.Path, "--Child=sleep 1000");
        await host.HealthyAsync();
        Assert.True(host.Descendants().Count >= ServicesAndStore + 2 + 1, string.Join('\n', host.Descendants().Values));

        host.Kill();

        await Until.TrueAsync("no child is left", OrphanLimit, () => host.Descendants().Count == 0);
    }

    [Fact]
    public async Task Kill_WhileChildrenAreBeingStarted_LeavesNoChild()
    {
        using var data = new TemporaryFolder();
        await using var host = AppHostProcess.Start(data.Path);
        await Until.TrueAsync("the store has started", StopLimit, () => host.Output.Contains("store-0", StringComparison.Ordinal));

        host.Kill();

        await Until.TrueAsync("no child is left", OrphanLimit, () => host.Descendants().Count == 0);
    }

    [Fact]
    public async Task Kill_OfTheWatchdogAndThenOfTheAppHost_LeavesNoChild()
    {
        using var data = new TemporaryFolder();
        await using var host = AppHostProcess.Start(data.Path);
        await host.HealthyAsync();
        var first = WatchdogOf(host)!.Value;

        Process.GetProcessById(first).Kill();
        await Until.TrueAsync("there is another watchdog", StopLimit, () => WatchdogOf(host) is { } next && next != first);
        host.Kill();

        await Until.TrueAsync("no child is left", OrphanLimit, () => host.Descendants().Count == 0);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Signal_StopsDependentsFirstAndLeavesNothing(string signal)
    {
        using var data = new TemporaryFolder();
        await using var host = AppHostProcess.Start(data.Path);
        await host.HealthyAsync();

        host.Signal(signal);
        await host.ExitedAsync(StopLimit);

        Assert.Equal(0, host.ExitCode);
        Assert.Empty(host.Descendants());
        var output = host.Output;
        Assert.True(At("front-0: Exited with exit code 0") < At("back-end-0: Stopping"));
        Assert.True(At("back-end-1: Exited with exit code 0") < At("store-0: Stopping"));
        Assert.Contains("store-0: Exited with exit code 0", output, StringComparison.Ordinal);

        int At(string line) => output.IndexOf(line, StringComparison.Ordinal) is var at and >= 0 ? at : throw new InvalidOperationException($"'{line}' is not in:\n{output}");
    }

    [Fact]
    public async Task Start_OnAPortInUse_FailsAtOnceAndNamesIt()
    {
        var port = FreePorts.Next();
        using var data = new TemporaryFolder();
        using var otherData = new TemporaryFolder();
        await using var first = AppHostProcess.Start(data.Path, $"--FrontPort={port}");
        // The first has the port long before its child listens there.
        await Until.TrueAsync("the first has started", StopLimit, () => first.Output.Contains("Starting", StringComparison.Ordinal));

        await using var second = AppHostProcess.Start(otherData.Path, $"--FrontPort={port}");
        await second.ExitedAsync(OrphanLimit);

        Assert.Equal(1, second.ExitCode);
        Assert.Contains($"Port {port} of resource 'front'", second.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Starting", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OnAPortThatAnyAddressHas_FailsAtOnceAndNamesIt()
    {
        using var listener = new TcpListener(IPAddress.IPv6Any, 0);
        listener.Server.DualMode = true;
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var data = new TemporaryFolder();

        await using var host = AppHostProcess.Start(data.Path, $"--FrontPort={port}");
        await host.ExitedAsync(OrphanLimit);

        Assert.Equal(1, host.ExitCode);
        Assert.Contains($"Port {port} of resource 'front'", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OnDataInUse_FailsAtOnce_AndAfterAKillDoesNot()
    {
        using var data = new TemporaryFolder();
        await using var first = AppHostProcess.Start(data.Path);
        await first.HealthyAsync();

        await using var second = AppHostProcess.Start(data.Path);
        await second.ExitedAsync(OrphanLimit);
        Assert.Equal(1, second.ExitCode);
        Assert.Contains(data.Path, second.Output, StringComparison.Ordinal);

        first.Kill();
        await first.ExitedAsync(OrphanLimit);
        await using var third = AppHostProcess.Start(data.Path);
        await third.HealthyAsync();
    }

    [Fact]
    public async Task Run_ShowsNoSecret()
    {
        using var data = new TemporaryFolder();
        await using var host = AppHostProcess.Start(data.Path);
        await host.HealthyAsync();

        var secret = File.ReadAllText(Path.Combine(data.Path, "secrets", "store-password"));
        Assert.DoesNotContain(host.Descendants().Values, command => command.Contains(secret, StringComparison.Ordinal));
        Assert.DoesNotContain(secret, host.Output, StringComparison.Ordinal);
        host.Signal("TERM");
        await host.ExitedAsync(StopLimit);
        Assert.All(Directory.GetFiles(Path.Combine(data.Path, "logs")), log => Assert.DoesNotContain(secret, File.ReadAllText(log), StringComparison.Ordinal));
    }

    private static int? WatchdogOf(AppHostProcess host) =>
        host.Descendants().Where(process => process.Value.Contains("Watchdog.dll", StringComparison.Ordinal)).Select(process => (int?)process.Key).FirstOrDefault();
}
