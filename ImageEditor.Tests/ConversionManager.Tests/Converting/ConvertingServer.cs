using System.Diagnostics.Metrics;
using ImageEditor.ConversionManager.Attempts;
using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.Jobs;
using ImageEditor.ConversionManager.Previews;
using ImageEditor.ConversionManager.Submissions;
using ImageEditor.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageEditor.ConversionManager.Tests.Converting;

/// <summary>A whole conversion manager before fake converters and a fake job manager.</summary>
internal sealed class ConvertingServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly bool _ownsQueue;

    private ConvertingServer(WebApplication app, FakeQueue queue, bool ownsQueue) => (_app, Queue, _ownsQueue) = (app, queue, ownsQueue);

    public FakeQueue Queue { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts it with a job manager of its own, which ends with it.</summary>
    public static async Task<ConvertingServer> StartAsync(params FakeProgram[] programs) =>
        await StartAsync([], programs);

    /// <summary>The same with settings.</summary>
    public static async Task<ConvertingServer> StartAsync((string Name, string Value)[] settings, params FakeProgram[] programs) =>
        await StartAsync(await FakeQueue.StartAsync(), ownsQueue: true, programs, settings);

    /// <summary>Starts it before a job manager that others may use, too.</summary>
    public static Task<ConvertingServer> StartAsync(FakeQueue queue, params FakeProgram[] programs) =>
        StartAsync(queue, ownsQueue: false, programs, []);

    /// <summary>Creates the meters of this server alone: it is their scope.</summary>
    public IMeterFactory Meters => _app.Services.GetRequiredService<IMeterFactory>();

    /// <summary>What it logged with an event's name, each with its message.</summary>
    public IReadOnlyList<string> Logged(string eventName) =>
        [.. _app.Services.GetFakeLogCollector().GetSnapshot().Where(record => record.Id.Name == eventName).Select(record => record.Message)];

    /// <summary>Calls it.</summary>
    public HttpClient CreateClient() => new() { BaseAddress = new Uri(_app.Urls.Single()) };

    /// <summary>How many slots it has for a converter now.</summary>
    public int Slots(FakeProgram program) => _app.Services.GetRequiredService<ConversionSlots>().Of(Find(program)).Count;

    /// <summary>How many of them are taken.</summary>
    public int TakenSlots(FakeProgram program) => _app.Services.GetRequiredService<ConversionSlots>().Of(Find(program)).Taken;

    /// <summary>Whether it has memory for so many bytes of uploads.</summary>
    public bool HasRoomForUploads(int bytes)
    {
        using var room = _app.Services.GetRequiredService<UploadMemoryBudget>().Reserve();
        try
        {
            room.Add(bytes);
            return true;
        }
        catch (ProblemException)
        {
            return false;
        }
    }

    /// <summary>Runs the steps of a preview of a picture that is said to be of a format.</summary>
    public Task<ConvertedImage> PreviewAsync(string type, params FakeProgram[] steps)
    {
        var picture = Pictures.Png(8, 8);
        var submission = new Submission(
            [.. steps.Select(program => new SubmittedStep(Find(program), [], []))],
            new JobInput(picture, type, [new InputImage("image", type, 0, picture.Length, 8, 8)]),
            IsRecipe: true);
        return _app.Services.GetRequiredService<PreviewRunner>().RunAsync(submission, Cancellation);
    }

    /// <summary>What it knows of a converter.</summary>
    public Converter Find(FakeProgram program) => Find(program.Name);

    /// <inheritdoc cref="Find(FakeProgram)"/>
    public Converter Find(string converter) => _app.Services.GetRequiredService<ConverterCatalog>().Find(converter)!;

    /// <summary>Stops it as SIGTERM does.</summary>
    public Task StopAsync() => _app.StopAsync(Cancellation);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        if (_ownsQueue)
        {
            await Queue.DisposeAsync();
        }
    }

    private static async Task<ConvertingServer> StartAsync(
        FakeQueue queue, bool ownsQueue, FakeProgram[] programs, (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.Configuration.AddInMemoryCollection(
        [
            new("InternalKey", "a key of this test, long enough"),
            new("services:job-manager:http:0", queue.Address),
            new("Saves:Slots", "0"),
            new("Conversions:ShutdownGrace", "00:00:00.2"),
            .. settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Name, setting.Value)),
            .. programs.SelectMany(program => program.Addresses).Select(
                converter => KeyValuePair.Create<string, string?>($"Converters:{converter.Key}", converter.Value)),
        ]);
        builder.AddServiceDefaults();
        builder.AddConversions();
        builder.Logging.ClearProviders().AddFakeLogging();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapConverters();
        app.MapPreviews();
        app.MapConversions();
        await app.StartAsync(Cancellation);
        return new ConvertingServer(app, queue, ownsQueue);
    }
}
