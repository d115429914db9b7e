using System.Diagnostics;

namespace ImageEditor.ConversionManager.Tests.Converting;

/// <summary>Converters whose slots are all taken, and how many calls they are sent.</summary>
public sealed class FullConverterTests
{
    private static readonly TimeSpan TestTimeout = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Full_ForAMoment_IsTriedAgainUnderTheSameLease()
    {
        await using var program = await FakeProgram.StartAsync("busy", slots: 0);
        await using var server = await ConvertingServer.StartAsync(program);
        var job = server.Queue.Add("busy");
        await UntilAsync("it was refused again", () => program.Full >= 3);

        program.Slots = 1;

        await UntilAsync("the job is done", () => server.Queue.IsDone(job));
        Assert.Equal(1, server.Queue.Attempts(job));
        Assert.Empty(server.Queue.Failures);
    }

    [Fact]
    public async Task Full_ForFiveSeconds_ReturnsTheJobUncountedAfterAPause()
    {
        await using var program = await FakeProgram.StartAsync("busy", slots: 0);
        await using var server = await ConvertingServer.StartAsync(program);
        var clock = Stopwatch.StartNew();
        var job = server.Queue.Add("busy");

        await UntilAsync("it returns to the queue", () => !server.Queue.Failures.IsEmpty);

        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(5), TestTimeout);
        Assert.Equal(("unavailable", 1.0), (server.Queue.Failures.First(), server.Queue.Pauses.First()));
        program.Slots = 1;
        await UntilAsync("the job is done", () => server.Queue.IsDone(job));
        Assert.All(server.Queue.Failures, kind => Assert.Equal("unavailable", kind));
    }

    [Fact]
    public async Task LeaseLost_WhileTheConverterIsFull_DropsTheJobAndFreesTheSlot()
    {
        await using var program = await FakeProgram.StartAsync("busy", slots: 0);
        await using var server = await ConvertingServer.StartAsync(program);
        var lost = server.Queue.Add("busy");
        await UntilAsync("it was refused", () => program.Full >= 2);
        var next = server.Queue.Add("busy");

        // There is one slot here until a call is taken: the next job's claim tells that the lost one is dropped.
        server.Queue.Lost[lost] = true;
        await UntilAsync("the next job is claimed", () => server.Queue.Attempts(next) > 0);
        program.Slots = 1;

        await UntilAsync("the next job is done", () => server.Queue.IsDone(next));
        Assert.False(server.Queue.IsDone(lost));
        Assert.Empty(server.Queue.Failures);
    }

    [Fact]
    public async Task Cancelled_WhileTheConverterIsFull_IsSeenWhenTheInputIsReadAgain()
    {
        await using var program = await FakeProgram.StartAsync("busy", slots: 0);
        await using var server = await ConvertingServer.StartAsync(program);
        var cancelled = server.Queue.Add("busy");
        await UntilAsync("it was refused", () => program.Full >= 2);
        var next = server.Queue.Add("busy");

        server.Queue.Gone[cancelled] = true;
        program.Slots = 1;

        await UntilAsync("the next job is done", () => server.Queue.IsDone(next));
        Assert.False(server.Queue.IsDone(cancelled));
        Assert.Equal(1, server.Queue.Attempts(cancelled));
        Assert.Empty(server.Queue.Failures);
        Assert.True(server.Find(program).IsUp);
    }

    [Fact]
    public async Task Stop_WhileTheConverterIsFull_ReleasesTheJob()
    {
        await using var program = await FakeProgram.StartAsync("busy", slots: 0);
        await using var server = await ConvertingServer.StartAsync(program);
        var job = server.Queue.Add("busy");
        await UntilAsync("it was refused", () => program.Full >= 2);

        await server.StopAsync();

        Assert.Equal(["released"], server.Queue.Failures);
        Assert.Equal(1, server.Queue.Attempts(job));
    }

    [Fact]
    public async Task Slots_FromOneUp_FollowWhatTheConverterTakes()
    {
        await using var program = await FakeProgram.StartAsync("busy", slots: 4);
        await using var server = await ConvertingServer.StartAsync(program);
        Assert.Equal(1, server.Slots(program));

        AddJobs(server, "busy", 400);
        await UntilAsync("all slots are used", () => program.MostRunning == 4);
        await UntilAsync("it was refused", () => program.Full > 0);
        Assert.InRange(server.Slots(program), 4, 16);

        program.Slots = 1;
        await UntilAsync("slots fall back", () => server.Slots(program) <= 3);
        Assert.All(server.Queue.Failures, kind => Assert.Equal("unavailable", kind));
    }

    [Fact]
    public async Task Slots_WithoutMoreWorkThanOneNeeds_StayFew()
    {
        await using var program = await FakeProgram.StartAsync("busy", slots: 64, TimeSpan.Zero);
        await using var server = await ConvertingServer.StartAsync(program);

        for (var number = 0; number < 20; number++)
        {
            var job = server.Queue.Add("busy");
            await UntilAsync("the job is done", () => server.Queue.IsDone(job));
        }

        // The slot of one job may be given back a little after the next job has one.
        Assert.InRange(server.Slots(program), 1, 3);
    }

    [Fact]
    public async Task Slots_OfOneConverter_AreNotThoseOfAnother()
    {
        await using var full = await FakeProgram.StartAsync("full", slots: 0);
        await using var free = await FakeProgram.StartAsync("free", slots: 64);
        await using var server = await ConvertingServer.StartAsync(full, free);

        AddJobs(server, "full", 3);
        await UntilAsync("one is refused", () => full.Full >= 3);
        AddJobs(server, "free", 200);
        await UntilAsync("the other one's are done", () => server.Queue.Done == 200);

        Assert.Equal(1, server.Slots(full));
        Assert.InRange(server.Slots(free), 5, 64);
        Assert.Equal(0, free.Full);
    }

    [Fact]
    public async Task Converter_ThatDiesWithSlotsLearnt_StartsAgainFromOneAndLosesNoJob()
    {
        await using var program = await FakeProgram.StartAsync("busy", slots: 8, TimeSpan.FromMilliseconds(200));
        await using var server = await ConvertingServer.StartAsync(program);
        var jobs = AddJobs(server, "busy", 120);
        await UntilAsync("slots are learnt", () => program.MostRunning == 8);

        await program.KillAsync();
        await UntilAsync("it is known to be down", () => !server.Find(program).IsUp);
        program.Slots = 0;
        await program.StartAsync();
        await UntilAsync("what was learnt is forgotten", () => server.Slots(program) == 1);

        program.Slots = 8;
        await UntilAsync("all jobs are done", () => jobs.All(server.Queue.IsDone));
        Assert.DoesNotContain("error", server.Queue.Failures);
        Assert.DoesNotContain("final", server.Queue.Failures);
    }

    private static IReadOnlyList<string> AddJobs(ConvertingServer server, string converter, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => server.Queue.Add(converter))];

    private static Task UntilAsync(string what, Func<bool> condition) =>
        Until.TrueAsync(what, TestTimeout, () => Task.FromResult(condition()), Cancellation);
}
