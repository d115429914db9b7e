using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json;

namespace ImageEditor.ConversionManager.Tests.Converting;

/// <summary>Jobs of several steps: what happens when something dies, waits or refuses between them.</summary>
public sealed class RecipeTests
{
    private static readonly TimeSpan TestTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Recipe_IsOneAttemptAndLosesNothingBetweenItsSteps()
    {
        await using var first = await FakeProgram.StartAsync("first", slots: 1);
        await using var second = await FakeProgram.StartAsync("second", slots: 1);
        await using var server = await ConvertingServer.StartAsync(first, second);

        var job = server.Queue.AddRecipe("first", "second", "first");

        await UntilAsync("it is done", () => server.Queue.IsDone(job));
        Assert.Equal(1, server.Queue.Attempts(job));
        Assert.Equal(["?format=lossless", "?as=jpeg-8"], first.Calls);
        Assert.Equal(["?format=lossless&as=jpeg-8"], second.Calls);
        Assert.Equal(Pictures.Png(64, 48).Length, first.Inputs.First());
        Assert.Equal(Pictures.Png(8, 8).Length, second.Inputs.Single());
        Assert.Empty(server.Queue.Failures);
    }

    [Fact]
    public async Task Steps_ThatFoundSomething_TellItByStep()
    {
        await using var first = await FakeProgram.StartAsync("first", slots: 1);
        await using var second = await FakeProgram.StartAsync("second", slots: 1);
        second.ResultInfo = """{"faces":2}""";
        await using var server = await ConvertingServer.StartAsync(first, second);

        var job = server.Queue.AddRecipe("first", "second", "first");
        var silent = server.Queue.AddRecipe("first", "first");
        var single = server.Queue.Add("second");

        await UntilAsync("all are done", () => server.Queue.Done == 3);
        Assert.Equal("""[null,{"faces":2},null]""", server.Queue.ResultInfo(job));
        Assert.Null(server.Queue.ResultInfo(silent));
        Assert.Equal("""{"faces":2}""", server.Queue.ResultInfo(single));
    }

    [Fact]
    public async Task Heic_IsDecodedBeforeTheFirstStepAndHasNoNumber()
    {
        await using var heic = await FakeProgram.StartAsync("heic", slots: 1);
        await using var first = await FakeProgram.StartAsync("first", slots: 1);
        await using var server = await ConvertingServer.StartAsync(heic, first);

        var job = server.Queue.AddRecipeOf("image/heic", "first");
        await UntilAsync("it is done", () => server.Queue.IsDone(job));

        Assert.Equal([""], heic.Calls);
        Assert.Equal(["?as=jpeg-8"], first.Calls);
        Assert.DoesNotContain(server.Queue.Progress, told => told.Step is not null);

        heic.Refuses = true;
        server.Queue.AddRecipeOf("image/heic", "first");
        await UntilAsync("it has failed", () => !server.Queue.Reports.IsEmpty);
        var report = server.Queue.Reports.Single();
        Assert.Equal("final", report.GetProperty("kind").GetString());
        Assert.Equal(JsonValueKind.Null, report.GetProperty("step").ValueKind);
    }

    [Fact]
    public async Task Step_ThatRefuses_NamesItself()
    {
        await using var first = await FakeProgram.StartAsync("first", slots: 1);
        await using var second = await FakeProgram.StartAsync("second", slots: 1);
        second.Refuses = true;
        await using var server = await ConvertingServer.StartAsync(first, second);

        server.Queue.AddRecipe("first", "second", "first");

        await UntilAsync("it has failed", () => !server.Queue.Reports.IsEmpty);
        var report = server.Queue.Reports.Single();
        Assert.Equal(("final", 422), (report.GetProperty("kind").GetString(), report.GetProperty("status").GetInt32()));
        Assert.Equal((1, "second"), (report.GetProperty("step").GetInt32(), report.GetProperty("converter").GetString()));
        Assert.Single(first.Calls);
    }

    [Fact]
    public async Task Recipes_InOppositeOrderWithOneSlotEach_BothEnd()
    {
        await using var first = await FakeProgram.StartAsync("first", slots: 1, TimeSpan.FromMilliseconds(300));
        await using var second = await FakeProgram.StartAsync("second", slots: 1, TimeSpan.FromMilliseconds(300));
        await using var server = await ConvertingServer.StartAsync(first, second);

        var there = server.Queue.AddRecipe("first", "second");
        var back = server.Queue.AddRecipe("second", "first");

        await UntilAsync("both are done", () => server.Queue.IsDone(there) && server.Queue.IsDone(back));
        Assert.Equal((1, 1), (server.Queue.Attempts(there), server.Queue.Attempts(back)));
        Assert.Empty(server.Queue.Failures);
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2)]
    public async Task Process_ThatStopsInAStep_LeavesTheJobToAnotherOne(int step)
    {
        await using var queue = await FakeQueue.StartAsync();
        var programs = new List<FakeProgram>();
        for (var number = 0; number < 3; number++)
        {
            programs.Add(await FakeProgram.StartAsync($"step-{number}", slots: 2, number == step ? Long : TimeSpan.Zero));
        }

        string job;
        await using (var stopped = await ConvertingServer.StartAsync(queue, [.. programs]))
        {
            job = queue.AddRecipe("step-0", "step-1", "step-2");
            await UntilAsync("the step runs", () => programs[step].Running == 1);
            await stopped.StopAsync();
        }

        Assert.Equal(["released"], queue.Failures);
        await programs[step].DisposeAsync();
        programs[step] = await FakeProgram.StartAsync($"step-{step}", slots: 2, TimeSpan.Zero);
        await using (await ConvertingServer.StartAsync(queue, [.. programs]))
        {
            await UntilAsync("it is done", () => queue.IsDone(job));
        }

        Assert.Equal(2, queue.Attempts(job));
        foreach (var program in programs)
        {
            await program.DisposeAsync();
        }
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2)]
    public async Task Converter_ThatDiesInAStep_IsCountedAndTheJobIsDoneInTheEnd(int step)
    {
        var programs = new List<FakeProgram>();
        for (var number = 0; number < 3; number++)
        {
            programs.Add(await FakeProgram.StartAsync($"step-{number}", slots: 2, TimeSpan.FromMilliseconds(number == step ? 500 : 0)));
        }

        await using var server = await ConvertingServer.StartAsync([.. programs]);
        var job = server.Queue.AddRecipe("step-0", "step-1", "step-2");
        await UntilAsync("the step runs", () => programs[step].Running == 1);

        await programs[step].KillAsync();
        await programs[step].StartAsync();

        await UntilAsync("it is done", () => server.Queue.IsDone(job));
        Assert.All(server.Queue.Failures, kind => Assert.Contains(kind, (string[])["broken", "unavailable"]));
        foreach (var program in programs)
        {
            await program.DisposeAsync();
        }
    }

    [Fact]
    public async Task Converter_OfALaterStepThatIsDown_IsWaitedForInsideTheAttempt()
    {
        await using var first = await FakeProgram.StartAsync("first", slots: 1, TimeSpan.FromMilliseconds(300));
        await using var second = await FakeProgram.StartAsync("second", slots: 1);
        await using var server = await ConvertingServer.StartAsync(first, second);
        await UntilAsync("both are up", () => server.Find(first).IsUp && server.Find(second).IsUp);
        await second.KillAsync();
        var job = server.Queue.AddRecipe("first", "second");
        await UntilAsync("the first step is over", () => first.Calls.Count == 1 && first.Running == 0);
        await UntilAsync("the second is found to be down", () => !server.Find(second).IsUp);

        // Its first converter is free meanwhile.
        var other = server.Queue.Add("first");
        await UntilAsync("a single job is done", () => server.Queue.IsDone(other));
        await second.StartAsync();

        await UntilAsync("it is done", () => server.Queue.IsDone(job));
        Assert.Equal(1, server.Queue.Attempts(job));
        Assert.Empty(server.Queue.Failures);
    }

    [Fact]
    public async Task Converter_OfALaterStepThatStaysDown_SendsTheJobBackUncountedWithAPause()
    {
        await using var first = await FakeProgram.StartAsync("first", slots: 1);
        await using var second = await FakeProgram.StartAsync("second", slots: 1);
        await using var server = await ConvertingServer.StartAsync([("Conversions:MaxStepWait", "00:00:01")], first, second);
        await UntilAsync("both are up", () => server.Find(first).IsUp && server.Find(second).IsUp);
        await second.KillAsync();
        await UntilAsync("the second is found to be down", () => !server.Find(second).IsUp);

        server.Queue.AddRecipe("first", "second");

        await UntilAsync("it is back", () => !server.Queue.Reports.IsEmpty);
        var report = server.Queue.Reports.First();
        Assert.Equal("unavailable", report.GetProperty("kind").GetString());
        Assert.Equal((1, "second"), (report.GetProperty("step").GetInt32(), report.GetProperty("converter").GetString()));
        Assert.InRange(report.GetProperty("waitedSeconds").GetDouble(), 0.9, 10);
        Assert.Equal(30, server.Queue.Pauses.First());
        Assert.Equal(0, server.TakenSlots(second));
    }

    [Fact]
    public async Task Converter_OfALaterStepThatNobodyHasMetYet_IsToldWhatTheOriginalWas()
    {
        await using var first = await FakeProgram.StartAsync("first", slots: 1);
        await using var second = await FakeProgram.StartAsync("second", slots: 1);
        await second.KillAsync();
        await using var server = await ConvertingServer.StartAsync(first, second);
        var job = server.Queue.AddRecipe("first", "second");
        await UntilAsync("the first step is over", () => first.Calls.Count == 1 && first.Running == 0);

        await second.StartAsync();

        await UntilAsync("it is done", () => server.Queue.IsDone(job));
        Assert.Equal(["?as=jpeg-8"], second.Calls);
    }

    /// <summary>A job of the next release, in a process of this one: another process runs it.</summary>
    [Fact]
    public async Task Converter_OfALaterStepThatThisProcessDoesNotKnow_SendsTheJobBackUncounted()
    {
        await using var first = await FakeProgram.StartAsync("first", slots: 1);
        await using var server = await ConvertingServer.StartAsync(first);

        server.Queue.AddRecipe("first", "newer");

        await UntilAsync("it is back", () => !server.Queue.Reports.IsEmpty);
        var report = server.Queue.Reports.First();
        Assert.Equal("unavailable", report.GetProperty("kind").GetString());
        Assert.Equal((1, "newer"), (report.GetProperty("step").GetInt32(), report.GetProperty("converter").GetString()));
        Assert.Equal(30, server.Queue.Pauses.First());
        Assert.Empty(first.Calls);
    }

    [Theory, InlineData(0), InlineData(2_000_000)]
    public async Task Lease_ThatIsLostInAStep_HangsUpAndGivesTheSlotBack(int padding)
    {
        await using var first = await FakeProgram.StartAsync("first", slots: 1);
        await using var second = await FakeProgram.StartAsync("second", slots: 1, Long);
        first.Padding = padding;
        await using var server = await ConvertingServer.StartAsync(first, second);
        var job = server.Queue.AddRecipe("first", "second");
        await UntilAsync("the second step runs", () => second.Running == 1);
        Assert.Equal(0, server.TakenSlots(first));

        server.Queue.Lost[job] = true;

        await UntilAsync("its converter is hung up on", () => second.Running == 0);
        await UntilAsync("the slot is back", () => server.TakenSlots(second) == 0);
        Assert.False(server.Queue.IsDone(job));
        Assert.Empty(server.Queue.Reports);
    }

    /// <summary>Another process may have room; the converter is not to blame, and is not asked again for nothing.</summary>
    [Theory, InlineData(0), InlineData(1)]
    public async Task Picture_ThatFindsNoRoomBehindAStep_SendsTheJobBackUncounted(int step)
    {
        var directory = Directory.CreateTempSubdirectory();
        await using var first = await FakeProgram.StartAsync("first", slots: 1);
        await using var second = await FakeProgram.StartAsync("second", slots: 1);
        await using var third = await FakeProgram.StartAsync("third", slots: 1);
        FakeProgram[] programs = [first, second, third];
        programs[step].Padding = 2_000_000;
        await using var server = await ConvertingServer.StartAsync([("Conversions:StepDirectory", directory.FullName)], programs);
        directory.Delete();

        server.Queue.AddRecipe("first", "second", "third");

        await UntilAsync("it is back", () => !server.Queue.Reports.IsEmpty);
        var report = server.Queue.Reports.First();
        Assert.Equal("unavailable", report.GetProperty("kind").GetString());
        Assert.Equal(30, server.Queue.Pauses.First());
        Assert.Equal((step, programs[step].Name), (report.GetProperty("step").GetInt32(), report.GetProperty("converter").GetString()));
        Assert.Empty(third.Calls);
    }

    [Fact]
    public async Task Submission_ThatLosesTheLastPlaceToAnotherRecipe_GivesItsMemoryBack()
    {
        const int Memory = 1 << 20;
        await using var first = await FakeProgram.StartAsync("first", slots: 1);
        await using var second = await FakeProgram.StartAsync("second", slots: 1, Long);
        await using var server = await ConvertingServer.StartAsync(
            [("Conversions:MaxRecipes", "1"), ("Conversions:UploadMemoryBytes", $"{Memory}"), ("Pictures:MaxBytes", "1000")],
            first, second);
        foreach (var program in new[] { first, second })
        {
            await server.Find(program).WaitUntilUpAsync(Cancellation);
            await UntilAsync("its descriptor is known", () => server.Find(program).Info is not null);
        }

        var stored = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Queue.BeforeSubmission = () => stored.Task;
        using var client = server.CreateClient();
        var recipe = Uri.EscapeDataString("""[{"converter":"first"},{"converter":"second"}]""");
        var submission = client.PostAsync($"/api/conversions?recipe={recipe}", new ByteArrayContent(Pictures.Png(8, 8)), Cancellation);
        await UntilAsync("it is being stored", () => server.Queue.Submissions == 1);
        server.Queue.AddRecipe("second", "first");
        await UntilAsync("the other one has the place", () => second.Running == 1);

        stored.SetResult();

        using var answer = await submission;
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        await UntilAsync("it is back in the queue", () => server.Queue.Failures.Contains("released"));
        await UntilAsync("its memory is free", () => server.HasRoomForUploads(Memory));
    }

    [Fact]
    public async Task Step_ThatIsWaitedFor_IsInTheFiguresOfItsConverter()
    {
        await using var first = await FakeProgram.StartAsync("first", slots: 1);
        await using var second = await FakeProgram.StartAsync("second", slots: 1);
        await using var server = await ConvertingServer.StartAsync(first, second);
        var waiting = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "image_editor.conversion.steps.waiting" && ReferenceEquals(instrument.Meter.Scope, server.Meters))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, change, tags, _) =>
            waiting.AddOrUpdate($"{tags[0].Key} {tags[0].Value}", change, (_, sum) => sum + change));
        listener.Start();
        await UntilAsync("both are up", () => server.Find(first).IsUp && server.Find(second).IsUp);
        await second.KillAsync();
        var job = server.Queue.AddRecipe("first", "second");

        await UntilAsync("the second step is waited for", () => waiting.GetValueOrDefault("converter second") == 1 && !server.Find(second).IsUp);
        await second.StartAsync();

        await UntilAsync("it is done", () => server.Queue.IsDone(job));
        Assert.Equal([KeyValuePair.Create("converter second", 0L)], waiting);
    }

    [Fact]
    public async Task LongQueue_AtTheSecondStep_DoesNotStarveARecipe()
    {
        await using var first = await FakeProgram.StartAsync("first", slots: 1, TimeSpan.Zero);
        await using var second = await FakeProgram.StartAsync("second", slots: 1, TimeSpan.FromMilliseconds(20));
        await using var server = await ConvertingServer.StartAsync(first, second);
        var singles = Enumerable.Range(0, 300).Select(_ => server.Queue.Add("second")).ToList();
        await UntilAsync("some are done", () => server.Queue.Done > 3);

        var recipe = server.Queue.AddRecipe("first", "second");

        await UntilAsync("the recipe is done", () => server.Queue.IsDone(recipe));
        Assert.InRange(singles.Count(server.Queue.IsDone), 3, 200);
        await UntilAsync("all are done", () => server.Queue.Done == 301);
    }

    [Fact]
    public async Task Recipes_InAStream_DoNotStarveSingleJobsOfTheirSecondStep()
    {
        await using var first = await FakeProgram.StartAsync("first", slots: 4, TimeSpan.Zero);
        await using var second = await FakeProgram.StartAsync("second", slots: 1, TimeSpan.FromMilliseconds(20));
        await using var server = await ConvertingServer.StartAsync(first, second);
        var recipes = Enumerable.Range(0, 200).Select(_ => server.Queue.AddRecipe("first", "second")).ToList();
        await UntilAsync("some are done", () => server.Queue.Done > 3);

        var singles = Enumerable.Range(0, 5).Select(_ => server.Queue.Add("second")).ToList();

        await UntilAsync("the single ones are done", () => singles.All(server.Queue.IsDone));
        Assert.InRange(recipes.Count(server.Queue.IsDone), 3, 150);
    }

    [Fact]
    public async Task Recipes_PastTheMostOfAProcess_WaitInTheQueueAndHinderNoSingleJob()
    {
        await using var first = await FakeProgram.StartAsync("first", slots: 8, TimeSpan.Zero);
        await using var second = await FakeProgram.StartAsync("second", slots: 8);
        await using var server = await ConvertingServer.StartAsync(first, second);
        await UntilAsync("both are up", () => server.Find(first).IsUp && server.Find(second).IsUp);
        await second.KillAsync();
        await UntilAsync("it is known to be down", () => !server.Find(second).IsUp);
        var recipes = Enumerable.Range(0, 8).Select(_ => server.Queue.AddRecipe("first", "second")).ToList();
        await UntilAsync("four of them wait between their steps", () => first.Calls.Count == 4 && first.Running == 0);

        var single = server.Queue.Add("first");
        await UntilAsync("a single job is done", () => server.Queue.IsDone(single));
        Assert.Equal(5, first.Calls.Count);
        await second.StartAsync();

        await UntilAsync("all are done", () => recipes.All(server.Queue.IsDone));
        Assert.All(server.Queue.Failures, kind => Assert.Equal("released", kind));
    }

    [Fact]
    public async Task Progress_RunsOverAllStepsAndNeverBack()
    {
        await using var first = await FakeProgram.StartAsync("first", slots: 1, TimeSpan.FromMilliseconds(300));
        await using var second = await FakeProgram.StartAsync("second", slots: 1, TimeSpan.FromMilliseconds(300));
        await using var server = await ConvertingServer.StartAsync(first, second);

        var job = server.Queue.AddRecipe("first", "second");

        await UntilAsync("it is done", () => server.Queue.IsDone(job));
        var told = server.Queue.Progress.Where(report => report.Id == job).ToList();
        Assert.Equal(told.OrderBy(report => report.Progress), told);
        Assert.Contains(told, report => report.Progress == 0 && report.Step == 0);
        Assert.Contains(told, report => report.Progress == 0.5 && report.Step == 1);
    }

    private static Task UntilAsync(string what, Func<bool> condition) =>
        Until.TrueAsync(what, TestTimeout, () => Task.FromResult(condition()), Cancellation);
}
