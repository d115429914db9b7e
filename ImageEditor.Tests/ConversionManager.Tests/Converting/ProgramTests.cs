using System.Net;

namespace ImageEditor.ConversionManager.Tests.Converting;

/// <summary>Programs that serve several converters: slots and claims are the program's.</summary>
public sealed class ProgramTests
{
    private static readonly TimeSpan TestTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Endless = TimeSpan.FromMinutes(5);
    private static readonly string[] Both = ["crop", "rotate"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Program_HasOneClaimThatNamesItsConverters()
    {
        await using var program = await FakeProgram.StartAsync(Both, slots: 2);
        await using var other = await FakeProgram.StartAsync("contrast", slots: 2);
        await using var server = await ConvertingServer.StartAsync(program, other);

        await UntilAsync("two claims wait, one for each program", () => Waits(server, "contrast") && Waits(server, Both) && Polls(server) == 2);

        string[] jobs = [server.Queue.Add("rotate"), server.Queue.Add("crop"), server.Queue.Add("contrast"), server.Queue.Add("rotate")];
        await UntilAsync("the jobs are done", () => jobs.All(server.Queue.IsDone));
        Assert.All(jobs, job => Assert.Equal(1, server.Queue.Attempts(job)));
        Assert.Equal((3, 1), (program.Calls.Count, other.Calls.Count));
        await UntilAsync("two claims wait again", () => Waits(server, "contrast") && Waits(server, Both) && Polls(server) == 2);
    }

    [Fact]
    public async Task Slots_AreOfAllConvertersTogether()
    {
        await using var program = await FakeProgram.StartAsync(Both, slots: 1);
        await using var server = await ConvertingServer.StartAsync([("Conversions:MaxSlots", "1")], program);
        await UntilAsync("the claim waits", () => Waits(server, Both));
        var jobs = Enumerable.Range(0, 6).Select(number => server.Queue.Add(Both[number % 2])).ToList();

        await UntilAsync("the jobs are done", () => jobs.All(server.Queue.IsDone));

        Assert.Equal((1, 0), (program.MostRunning, program.Full));
    }

    /// <summary>A call finds it down before the next poll does.</summary>
    [Fact]
    public async Task Program_ThatACallFindsDown_IsReportedOnceForEachOfItsConverters()
    {
        await using var program = await FakeProgram.StartAsync(Both, slots: 2);
        await using var server = await ConvertingServer.StartAsync(program);
        await UntilAsync("the claim waits", () => Waits(server, Both));

        await program.KillAsync();
        server.Queue.Add("rotate");

        await UntilAsync("it is known to be down", () => !server.Find("rotate").IsUp && !server.Find("crop").IsUp);
        await UntilAsync("the job is back", () => !server.Queue.Failures.IsEmpty);
        var reports = server.Logged("ConverterDown");
        Assert.Equal(2, reports.Count);
        Assert.All(Both, name => Assert.Single(reports, report => report.Contains($" {name} is down", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Converter_ThatGoesDownWhileTheClaimWaits_IsNamedNoMoreUntilItIsBack()
    {
        await using var program = await FakeProgram.StartAsync(Both, slots: 2);
        await using var server = await ConvertingServer.StartAsync(program);
        await UntilAsync("the claim waits", () => Waits(server, Both));

        program.Broken["rotate"] = true;
        server.Find("rotate").MarkDown();
        await UntilAsync("the claim names the other one", () => Waits(server, "crop") && Polls(server) == 1);
        var (waiting, running) = (server.Queue.Add("rotate"), server.Queue.Add("crop"));
        await UntilAsync("the other one's job is done", () => server.Queue.IsDone(running));
        Assert.Equal(0, server.Queue.Attempts(waiting));

        program.Broken.Clear();
        await UntilAsync("its job is done", () => server.Queue.IsDone(waiting));
        await UntilAsync("the claim names both", () => Waits(server, Both) && Polls(server) == 1);
        Assert.Empty(server.Queue.Failures);
    }

    [Fact]
    public async Task Converter_ThatComesLater_IsNamedByTheClaimThatWaits()
    {
        await using var program = await FakeProgram.StartAsync(Both, slots: 2);
        program.Broken["rotate"] = true;
        await using var server = await ConvertingServer.StartAsync(program);
        await UntilAsync("the claim names one", () => Waits(server, "crop"));
        var job = server.Queue.Add("rotate");

        program.Broken.Clear();

        await UntilAsync("its job is done", () => server.Queue.IsDone(job));
        Assert.Equal(1, server.Queue.Attempts(job));
    }

    [Fact]
    public async Task Program_ThatDies_IsDownWithAllItsConvertersAndLosesNoJob()
    {
        await using var program = await FakeProgram.StartAsync(Both, slots: 2);
        await using var server = await ConvertingServer.StartAsync(program);
        await UntilAsync("the claim waits", () => Waits(server, Both));

        await program.KillAsync();
        List<string> jobs = [server.Queue.Add("crop")];
        await UntilAsync("all are down", () => !server.Find("crop").IsUp && !server.Find("rotate").IsUp);
        jobs.Add(server.Queue.Add("rotate"));
        await UntilAsync("no claim waits", () => Polls(server) == 0);
        Assert.Equal(0, server.Queue.Attempts(jobs[1]));
        await program.StartAsync();

        await UntilAsync("the jobs are done", () => jobs.All(server.Queue.IsDone));
        Assert.All(server.Queue.Failures, kind => Assert.Contains(kind, (string[])["unavailable", "broken"]));
    }

    /// <summary>The slot of a step is given back before the next one's is waited for, though it is the same program's.</summary>
    [Fact]
    public async Task Recipes_WithinAProgramOfOneSlot_End()
    {
        await using var program = await FakeProgram.StartAsync(Both, slots: 1);
        await using var server = await ConvertingServer.StartAsync([("Conversions:MaxSlots", "1")], program);
        await UntilAsync("the claim waits", () => Waits(server, Both));
        string[] jobs =
        [
            server.Queue.AddRecipe("crop", "rotate", "crop"), server.Queue.AddRecipe("rotate", "crop"), server.Queue.Add("crop"),
            server.Queue.AddRecipe("rotate", "rotate"), server.Queue.Add("rotate"),
        ];

        await UntilAsync("the jobs are done", () => jobs.All(server.Queue.IsDone));

        Assert.Equal((1, 0), (program.MostRunning, program.Full));
        Assert.Empty(server.Queue.Failures);
    }

    [Fact]
    public async Task Preview_HasASlotOfItsProgramWhichAJobOfAnotherConverterTakes()
    {
        await using var program = await FakeProgram.StartAsync(Both, slots: 2, Endless);
        await using var server = await ConvertingServer.StartAsync([("Conversions:MaxSlots", "1")], program);
        await UntilAsync("the claim waits", () => Waits(server, Both));
        using var client = server.CreateClient();
        var preview = client.PostAsync("/api/previews?converter=crop", new ByteArrayContent(Pictures.Png(64, 48)), Cancellation);
        await UntilAsync("the preview runs", () => program.Running == 1);

        var job = server.Queue.Add("rotate");

        using var answer = await preview;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        await UntilAsync("the job is claimed", () => server.Queue.Attempts(job) == 1);
    }

    private static int Polls(ConvertingServer server) => server.Queue.Polls.Count;

    /// <summary>Whether a claim waits that names just these converters.</summary>
    private static bool Waits(ConvertingServer server, params string[] converters) =>
        server.Queue.Polls.Any(named => named.Order().SequenceEqual(converters.Order()));

    private static Task UntilAsync(string what, Func<bool> condition) =>
        Until.TrueAsync(what, TestTimeout, () => Task.FromResult(condition()), Cancellation);
}
