using System.Diagnostics;
using ImageEditor.ConversionManager.Clients;
using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.Submissions;
using ImageEditor.ServiceDefaults.Http;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageEditor.ConversionManager.Tests.Submissions;

/// <summary>What a client that hands in a picture waits for when the job manager is away.</summary>
public sealed class SubmissionClientTests
{
    /// <summary>Callers are promised an answer within 2 s; three times that is allowed on a busy machine.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(6);

    private static readonly Submission Picture =
        new(
            [new SubmittedStep(new Converter("contrast", new Uri("http://contrast")), [], [])],
            new JobInput(new byte[5_000_000], "image/png", []));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Create_WithASilentJobManager_IsUnavailableInTimeAndAtOnceFromThenOn()
    {
        await using var server = await TestServer.StartAsync();
        await using var proxy = new SpreadingProxy(server.Address);
        proxy.Freeze(0);

        await AssertUnavailableAsync(proxy.Address);
    }

    [Fact]
    public async Task Create_WithAJobManagerThatRefuses_IsUnavailableInTime() => await AssertUnavailableAsync(TestServer.Nobody());

    [Fact]
    public async Task Create_WithAnAddressThatSwallowsPackets_IsUnavailableInTime()
    {
        using var hole = await BlackHole.OpenAsync();

        await AssertUnavailableAsync(hole.Address);
    }

    [Fact]
    public async Task Create_WithAJobManagerWhoseStoreIsAway_AsksItOnce()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        var calls = new Tally();
        app.MapPost("/jobs", () =>
        {
            calls.Add();
            return Results.StatusCode(503);
        });
        await app.StartAsync(Cancellation);

        await AssertUnavailableAsync(app.Urls.Single());

        Assert.Equal(2, calls.Count);
    }

    /// <summary>Hands in two pictures.</summary>
    private static async Task AssertUnavailableAsync(string jobManager)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(
            [new("InternalKey", "a key of this test, long enough"), new("services:job-manager:http:0", jobManager)]);
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        builder.AddServiceClient(JobManagerConnection.ServiceName).ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan);
        builder.Services.AddSingleton<JobManagerConnection>();
        builder.Services.AddSingleton<SubmissionClient>();
        var host = builder.Build();
        await using var end = (IAsyncDisposable)host;
        var jobs = host.Services.GetRequiredService<SubmissionClient>();
        for (var call = 0; call < 2; call++)
        {
            var watch = Stopwatch.StartNew();

            var refusal = await Assert.ThrowsAsync<ProblemException>(
                () => jobs.CreateAsync("p0-" + new string('0', 32), owner: null, party: null, Picture, claim: null, Cancellation));

            var problem = refusal.Problem;
            Assert.Equal("urn:image-editor:problem:unavailable", problem.Value.Type);
            Assert.True(problem.RetryAfter > TimeSpan.Zero);
            Assert.True(watch.Elapsed < Soon, $"Call {call} took {watch.Elapsed}.");
        }
    }
}
