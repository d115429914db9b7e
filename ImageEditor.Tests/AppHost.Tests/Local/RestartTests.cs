using System.Globalization;
using ImageEditor.AppHost.Tests.Support;

namespace ImageEditor.AppHost.Tests.Local;

/// <summary>A process that ends by itself is started again; one that was stopped stays stopped.</summary>
public sealed class RestartTests(ITestOutputHelper output)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Process_Killed_IsStartedAgain_AndStoppedByCommandIsNot()
    {
        await using var app = await TestApplication.StartAsync(builder => builder.AddExecutable("sleeper", "sleep", "/", "1000"));
        var first = await app.RunningAsync("sleeper");

        Signals.KillProcess(first);
        var second = await app.RunningAsync("sleeper", otherThan: first);
        Signals.KillProcess(second);
        var third = await app.RunningAsync("sleeper", otherThan: second);
        Assert.NotEqual(first, third);

        await app.CommandAsync("sleeper", KnownResourceCommands.StopCommand);
        await Until.TrueAsync("it has ended", TestApplication.Limit, () => Task.FromResult(!Directory.Exists($"/proc/{third}")), Cancel);

        // Longer than the pause before the next start would be.
        var runs = app.Count("sleeper", KnownResourceStates.Running);
        await Assert.ThrowsAsync<TimeoutException>(() => Until.TrueAsync(
            "it runs again",
            TimeSpan.FromSeconds(4),
            () => Task.FromResult(app.Count("sleeper", KnownResourceStates.Running) > runs),
            Cancel));

        await app.CommandAsync("sleeper", KnownResourceCommands.StartCommand);
        var fourth = await app.RunningAsync("sleeper", otherThan: third);
        Signals.KillProcess(fourth);
        await app.RunningAsync("sleeper", otherThan: fourth);
    }

    [Fact]
    public async Task Process_ThatEndsAtOnce_IsStartedAgainWithLongerAndLongerPauses()
    {
        using var notes = new TemporaryFolder();
        var file = Path.Combine(notes.Path, "starts");
        await using var app = await TestApplication.StartAsync(
            builder => builder.AddExecutable("mayfly", "sh", "/", "-c", $"date +%s.%N >> {file}"));

        await Until.TrueAsync(
            "it was started five times",
            TestApplication.Limit,
            () => Task.FromResult(File.Exists(file) && File.ReadAllLines(file).Length >= 5),
            Cancel);

        var starts = File.ReadAllLines(file).Select(line => double.Parse(line, CultureInfo.InvariantCulture)).ToList();
        Assert.True(starts[3] - starts[2] > 0.9, string.Join(' ', starts));
        Assert.True(starts[4] - starts[3] > 1.9, string.Join(' ', starts));
    }

    [Fact]
    public async Task Process_WhoseDependencyIsDown_IsStartedAgainWithoutWaitingForIt()
    {
        await using var app = await TestApplication.StartAsync(builder =>
        {
            var dependency = builder.AddExecutable("dependency", "sleep", "/", "1000");
            builder.AddExecutable("dependent", "sleep", "/", "1000").WaitFor(dependency);
        });
        var first = await app.RunningAsync("dependent");
        await app.CommandAsync("dependency", KnownResourceCommands.StopCommand);

        Signals.KillProcess(first);

        await app.RunningAsync("dependent", otherThan: first);
    }

    [Fact]
    public async Task Stop_OfAProcessThatDoesNotEnd_KillsItAfterItHadTimeToGiveWorkBack()
    {
        using var notes = new TemporaryFolder();
        var (asked, alive) = (Path.Combine(notes.Path, "asked"), Path.Combine(notes.Path, "alive"));
        await using var app = await TestApplication.StartAsync(builder => builder.AddExecutable(
            "stubborn", "sh", "/", "-c",
            $"trap 'date +%s.%N > {asked}' TERM; while :; do date +%s.%N > {alive}.new; mv {alive}.new {alive}; sleep 0.1; done"));
        var process = await app.RunningAsync("stubborn");

        await app.CommandAsync("stubborn", KnownResourceCommands.StopCommand);
        await Until.TrueAsync("it has ended", TestApplication.Limit, () => Task.FromResult(!Directory.Exists($"/proc/{process}")), Cancel);

        var time = Seconds(alive) - Seconds(asked);
        output.WriteLine($"It was killed {time:0.0} s after it was asked to end.");
        Assert.True(time > CoreServices.LocalShutdownGrace.TotalSeconds + 1, $"It had {time:0.0} s.");

        static double Seconds(string file) => double.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);
    }
}
