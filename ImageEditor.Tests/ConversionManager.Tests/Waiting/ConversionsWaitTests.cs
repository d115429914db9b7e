using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http;

namespace ImageEditor.ConversionManager.Tests.Waiting;

/// <summary>What a client gets that hands in a picture with <c>Prefer: wait</c>, whatever happens meanwhile.</summary>
public sealed class ConversionsWaitTests
{
    /// <summary>Far less than the waits of these tests, and enough on a busy machine.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private static readonly byte[] Result = Pictures.Png(9, 9, 1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Submit_WithAWait_IsTheImageWithItsHeaders()
    {
        await using var server = await WaitingServer.StartAsync();
        server.JobManager.Answer = (context, _) => FakeJobManager.SendImageAsync(context, Result);

        var answer = await server.SubmitAsync("wait=20");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(Result, answer.Body);
        Assert.Equal("image/png", answer.ContentType);
        Assert.Equal($"{Result.Length}", answer.Headers["Content-Length"]);
        Assert.Equal($"/api/jobs/{server.JobManager.Jobs.Single()}", answer.Headers["Location"]);
        Assert.Equal("wait=20", answer.Headers["Preference-Applied"]);
        Assert.Equal("{\"faces\":2}", answer.Headers["X-Result-Info"]);
        Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
        Assert.Equal("sandbox", answer.Headers["Content-Security-Policy"]);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
    }

    [Fact]
    public async Task Submit_WithAWait_PassesOnWhatTheResultIsCalled()
    {
        const string Disposition = "inline; filename=caf_-grayscale.png; filename*=UTF-8''caf%C3%A9-grayscale.png";
        await using var server = await WaitingServer.StartAsync();
        server.JobManager.Answer = (context, _) =>
        {
            context.Response.Headers.ContentDisposition = Disposition;
            return FakeJobManager.SendImageAsync(context, Result);
        };

        Assert.Equal(Disposition, (await server.SubmitAsync("wait=20")).Headers["Content-Disposition"]);
    }

    /// <summary>A few pixels, and what a file has beside them.</summary>
    [Fact]
    public async Task Submit_OfASmallPicture_SaysThatItYieldsLittle()
    {
        await using var server = await WaitingServer.StartAsync();

        await server.SubmitAsync(prefer: null);

        Assert.InRange(server.JobManager.Yields.Single() ?? 0, 66 << 10, 68 << 10);
    }

    [Fact]
    public async Task Submit_WithAWaitAboveTheMost_AsksForTheMost()
    {
        await using var server = await WaitingServer.StartAsync();
        var asked = "";
        server.JobManager.Answer = (context, _) =>
        {
            asked = context.Request.Query["waitMilliseconds"];
            return FakeJobManager.SendImageAsync(context, Result);
        };

        var answer = await server.SubmitAsync("wait=3600");

        Assert.Equal("wait=30", answer.Headers["Preference-Applied"]);
        Assert.InRange(int.Parse(asked, null), 29_000, 30_000);
    }

    [Fact]
    public async Task Submit_WhoseJobFails_IsItsProblem()
    {
        await using var server = await WaitingServer.StartAsync();
        server.JobManager.Answer = (context, _) => ProblemTypes.NotDecodable.Create("Send another image.").ExecuteAsync(context);

        var answer = await server.SubmitAsync("wait=20");

        AssertProblem(answer, HttpStatusCode.UnprocessableEntity, "not-decodable");
        Assert.Equal($"/api/jobs/{server.JobManager.Jobs.Single()}", answer.Headers["Location"]);
        Assert.Equal("wait=20", answer.Headers["Preference-Applied"]);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
    }

    [Fact]
    public async Task Submit_WhoseJobIsCancelled_IsGone()
    {
        await using var server = await WaitingServer.StartAsync();
        server.JobManager.Answer = (context, _) => ProblemTypes.JobCancelled.Create("It was cancelled.").ExecuteAsync(context);

        AssertProblem(await server.SubmitAsync("wait=20"), HttpStatusCode.Gone, "job-cancelled");
    }

    [Fact]
    public async Task Submit_WhoseTimeIsOver_IsAcceptedAsWithoutAWait()
    {
        await using var server = await WaitingServer.StartAsync();
        server.JobManager.Answer = async (context, _) =>
        {
            await Task.Delay(int.Parse(context.Request.Query["waitMilliseconds"]!, null), context.RequestAborted);
            await AcceptAsync(context);
        };
        var watch = Stopwatch.StartNew();

        var answer = await server.SubmitAsync("wait=1");

        AssertAccepted(server, answer);
        Assert.Equal("wait=1", answer.Headers["Preference-Applied"]);
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(0.9), Soon);
    }

    [Theory]
    [InlineData("wait=0", "wait=0")]
    [InlineData("wait=soon", null)]
    [InlineData("respond-async", null)]
    [InlineData(null, null)]
    public async Task Submit_WithoutATimeToWait_IsAcceptedAndNobodyWaits(string? prefer, string? applied)
    {
        await using var server = await WaitingServer.StartAsync();

        var answer = await server.SubmitAsync(prefer);

        AssertAccepted(server, answer);
        Assert.Equal(applied, answer.Headers.GetValueOrDefault("Preference-Applied"));
        Assert.Equal(0, server.JobManager.Waits.Count);
    }

    [Fact]
    public async Task Wait_AtJobManagersThatDieOrStop_GoesOnAtOthers()
    {
        await using var server = await WaitingServer.StartAsync();
        server.JobManager.Answer = (context, call) =>
        {
            switch (call)
            {
                case 1:
                    context.Abort();
                    return Task.CompletedTask;
                case 2:
                    return AcceptAsync(context);
                case 3:
                    return ProblemTypes.Unavailable.Create("The store is away.", TimeSpan.FromSeconds(1)).ExecuteAsync(context);
                default:
                    return FakeJobManager.SendImageAsync(context, Result);
            }
        };

        var answer = await server.SubmitAsync("wait=30");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(Result, answer.Body);
        Assert.Equal(4, server.JobManager.Waits.Count);
    }

    [Fact]
    public async Task Wait_WithJobManagersAwayToItsEnd_IsAccepted()
    {
        await using var server = await WaitingServer.StartAsync();
        server.JobManager.Answer = (context, _) =>
            ProblemTypes.Unavailable.Create("The store is away.", TimeSpan.FromSeconds(1)).ExecuteAsync(context);

        var answer = await server.SubmitAsync("wait=1");

        AssertAccepted(server, answer);
        Assert.InRange(server.JobManager.Waits.Count, 2, 20);
    }

    [Fact]
    public async Task HangUp_WhileWaiting_EndsTheWaitAndNothingElse()
    {
        await using var server = await WaitingServer.StartAsync();
        server.JobManager.Answer = (context, _) => server.JobManager.HoldAsync(context);
        using var own = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var waiting = server.SubmitAsync("wait=30", key: "key", hangUp: own.Token);
        await server.JobManager.Waits.ReachAsync(1, Cancellation);

        await own.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await server.JobManager.HungUp.ReachAsync(1, Cancellation);
        server.JobManager.Answer = (context, _) => FakeJobManager.SendImageAsync(context, Result);
        var again = await server.SubmitAsync("wait=30", key: "key");
        Assert.Equal(Result, again.Body);
        Assert.Single(server.JobManager.Jobs);
    }

    [Fact]
    public async Task Repeat_OfAKeyWhileTheFirstWaits_IsTheSameJobAndPicture()
    {
        await using var server = await WaitingServer.StartAsync();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.JobManager.Answer = async (context, _) =>
        {
            await done.Task;
            await FakeJobManager.SendImageAsync(context, Result);
        };
        var first = server.SubmitAsync("wait=30", key: "key");
        await server.JobManager.Waits.ReachAsync(1, Cancellation);
        var second = server.SubmitAsync("wait=30", key: "key");
        await server.JobManager.Waits.ReachAsync(2, Cancellation);

        done.SetResult();

        var answers = await Task.WhenAll(first, second);
        Assert.All(answers, answer => Assert.Equal(Result, answer.Body));
        Assert.All(answers, answer => Assert.Equal($"/api/jobs/{server.JobManager.Jobs.Single()}", answer.Headers["Location"]));
    }

    [Fact]
    public async Task Submit_WithMoreWaitersThanAllowed_IsAcceptedAtOnceAndPlacesComeFree()
    {
        await using var server = await WaitingServer.StartAsync(("Conversions:MaxWaiters", "2"));
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.JobManager.Answer = async (context, _) =>
        {
            await done.Task;
            await FakeJobManager.SendImageAsync(context, Result);
        };
        var waiting = new[] { server.SubmitAsync("wait=30"), server.SubmitAsync("wait=30") };
        await server.JobManager.Waits.ReachAsync(2, Cancellation);

        var third = await server.SubmitAsync("wait=30");

        Assert.Equal(HttpStatusCode.Accepted, third.Status);
        Assert.False(third.Headers.ContainsKey("Preference-Applied"));
        Assert.Equal(2, server.JobManager.Waits.Count);
        done.SetResult();
        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Equal(HttpStatusCode.OK, (await server.SubmitAsync("wait=30")).Status);
    }

    [Fact]
    public async Task Metric_OfWaits_CountsThoseThatWaitNow()
    {
        await using var server = await WaitingServer.StartAsync(("Conversions:MaxWaiters", "2"));
        var waits = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "image_editor.waits.active" && instrument.Meter.Scope == server.Meters)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((_, value, _, _) => Interlocked.Add(ref waits, value));
        listener.Start();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.JobManager.Answer = async (context, call) =>
        {
            await (call == 1 ? server.JobManager.HoldAsync(context) : done.Task);
            await FakeJobManager.SendImageAsync(context, Result);
        };
        using var own = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var hangingUp = server.SubmitAsync("wait=30", hangUp: own.Token);
        await server.JobManager.Waits.ReachAsync(1, Cancellation);
        var staying = server.SubmitAsync("wait=30");
        await server.JobManager.Waits.ReachAsync(2, Cancellation);
        Assert.Equal(2, Volatile.Read(ref waits));

        // One that is refused does not wait.
        await server.SubmitAsync("wait=30");
        Assert.Equal(2, Volatile.Read(ref waits));

        await own.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hangingUp);
        await Until.TrueAsync("one waits", Soon, () => Task.FromResult(Volatile.Read(ref waits) == 1), Cancellation);

        done.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await staying).Status);
        Assert.Equal(0, Volatile.Read(ref waits));
    }

    [Fact]
    public async Task Stop_WithWaiters_AnswersThemAtOnce()
    {
        await using var server = await WaitingServer.StartAsync();
        server.JobManager.Answer = (context, _) => server.JobManager.HoldAsync(context);
        var waiting = Enumerable.Range(0, 5).Select(_ => server.SubmitAsync("wait=30")).ToArray();
        await server.JobManager.Waits.ReachAsync(5, Cancellation);
        var watch = Stopwatch.StartNew();

        server.Stop();

        foreach (var answer in await Task.WhenAll(waiting))
        {
            Assert.Equal(HttpStatusCode.Accepted, answer.Status);
            Assert.Contains(answer.Headers["Location"]["/api/jobs/".Length..], server.JobManager.Jobs);
            Assert.False(answer.Headers.ContainsKey("Preference-Applied"));
        }

        Assert.True(watch.Elapsed < Soon, $"It took {watch.Elapsed}.");
        await server.JobManager.HungUp.ReachAsync(5, Cancellation);
    }

    [Fact]
    public async Task Result_ThatBreaksOff_IsNotTakenForWhole()
    {
        await using var server = await WaitingServer.StartAsync();
        var begun = new TaskCompletionSource();
        server.JobManager.Answer = async (context, _) =>
        {
            context.Response.ContentType = "image/png";
            context.Response.ContentLength = Result.Length;
            await context.Response.Body.WriteAsync(Result.AsMemory(0, 20));
            await context.Response.Body.FlushAsync();

            // Broken off before anybody saw its beginning, it would be asked for again.
            await begun.Task;
            context.Abort();
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/conversions?converter=grayscale")
        {
            Content = new ByteArrayContent(Pictures.Png(8, 8)),
        };
        request.Headers.Add("Prefer", "wait=30");

        using var answer = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        begun.SetResult();

        Assert.Equal(Result.Length, answer.Content.Headers.ContentLength);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => answer.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Fact]
    public async Task Waiters_HoldNoUploadRoom()
    {
        await using var server = await WaitingServer.StartAsync(("Conversions:UploadMemoryBytes", $"{1 << 20}"));
        server.JobManager.Answer = (context, _) => server.JobManager.HoldAsync(context);
        using var own = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var waiting = new List<Task<Answer>>();
        for (var number = 1; number <= 4; number++)
        {
            waiting.Add(server.SubmitAsync("wait=30", LargePicture.Create(700_000), hangUp: own.Token));
            await server.JobManager.Waits.ReachAsync(number, Cancellation);
        }

        Assert.All(waiting, wait => Assert.False(wait.IsCompleted));
        await own.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(waiting));
    }

    private static Task AcceptAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        return context.Response.WriteAsync("{}", context.RequestAborted);
    }

    private static void AssertAccepted(WaitingServer server, Answer answer)
    {
        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.Equal($"/api/jobs/{server.JobManager.Jobs.Single()}", answer.Headers["Location"]);
        Assert.Equal("1", answer.Headers["Retry-After"]);
        var job = JsonDocument.Parse(answer.Body).RootElement;
        Assert.Equal(server.JobManager.Jobs.Single(), job.GetProperty("jobId").GetString());
        Assert.Equal("queued", job.GetProperty("state").GetString());
    }

    private static void AssertProblem(Answer answer, HttpStatusCode status, string type)
    {
        Assert.Equal(status, answer.Status);
        Assert.Equal(Problem.MediaType, answer.ContentType);
        Assert.Equal("urn:image-editor:problem:" + type, JsonDocument.Parse(answer.Body).RootElement.GetProperty("type").GetString());
    }
}
