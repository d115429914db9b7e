using System.Diagnostics.Metrics;
using System.Text.Json;
using ImageEditor.ConversionManager.Attempts;
using ImageEditor.ConversionManager.Clients;
using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.Submissions;
using ImageEditor.ConversionManager.Waiting;
using ImageEditor.ServiceDefaults.Configuration;
using ImageEditor.ServiceDefaults.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageEditor.ConversionManager.Tests.Waiting;

/// <summary>What takes submissions in a conversion manager, before a fake job manager.</summary>
internal sealed class WaitingServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WaitingServer(WebApplication app, FakeJobManager jobManager)
    {
        (_app, JobManager) = (app, jobManager);
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public FakeJobManager JobManager { get; }

    /// <summary>Opens a slot of this process: the next job is run here.</summary>
    public GivenWork EnterSlot()
    {
        var given = new GivenWork();
        _app.Services.GetRequiredService<ConversionSlots>().Of(_app.Services.GetRequiredService<ConverterCatalog>().All.Single())
            .Open(claim =>
            {
                given.Give(claim);
                return Task.CompletedTask;
            });
        return given;
    }

    public HttpClient Client { get; }

    /// <summary>Creates the meters of this server alone: it is their scope.</summary>
    public IMeterFactory Meters => _app.Services.GetRequiredService<IMeterFactory>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<WaitingServer> StartAsync(params (string Name, string Value)[] settings)
    {
        var jobManager = await FakeJobManager.StartAsync();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.Configuration.AddInMemoryCollection(
        [
            new("InternalKey", "a key of this test, long enough"),
            new("services:job-manager:http:0", jobManager.Address),
            .. settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Name, setting.Value)),
        ]);
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceClient(JobManagerConnection.ServiceName).ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan);
        builder.Services.AddSingleton<JobManagerConnection>();
        builder.Services.AddSingleton(new ConverterCatalog([await CreateConverterAsync()]));
        builder.Services.AddValidatedOptions<SubmissionOptions>(SubmissionOptions.Section);
        builder.Services.AddSingleton<JobIdFactory>();
        builder.Services.AddSingleton<RecipeReader>();
        builder.Services.AddSingleton<SubmissionReader>();
        builder.Services.AddSingleton<RecipePlaces>();
        builder.Services.AddSingleton<UploadMemoryBudget>();
        builder.Services.AddSingleton<SubmissionClient>();
        builder.Services.AddValidatedOptions<AttemptOptions>(AttemptOptions.Section);
        builder.Services.AddSingleton<ConversionSlots>();
        builder.Services.AddValidatedOptions<WaitingOptions>(WaitingOptions.Section);
        builder.Services.AddSingleton<OutcomeClient>();
        builder.Services.AddSingleton<DeliveryNotes>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<DeliveryNotes>());
        builder.Services.AddSingleton<ResultWaiter>();
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapConversions();
        await app.StartAsync(Cancellation);
        return new WaitingServer(app, jobManager);
    }

    /// <summary>Hands in a picture.</summary>
    /// <param name="prefer">The header <c>Prefer</c>; null for none.</param>
    /// <param name="picture">The picture; null for a small one.</param>
    /// <param name="key">The <c>Idempotency-Key</c>, if any.</param>
    /// <param name="hangUp">Hangs up.</param>
    /// <param name="query">What the query has beside what is asked for, with its first ampersand.</param>
    /// <param name="what">What is asked for, as the query has it.</param>
    public async Task<Answer> SubmitAsync(
        string? prefer, byte[]? picture = null, string? key = null, CancellationToken? hangUp = null, string query = "",
        string what = "converter=grayscale")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/conversions?{what}{query}")
        {
            Content = new ByteArrayContent(picture ?? Pictures.Png(8, 8)),
        };
        if (prefer is not null)
        {
            request.Headers.TryAddWithoutValidation("Prefer", prefer);
        }

        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        var cancellation = hangUp ?? Cancellation;
        return await Answer.ReadAsync(await Client.SendAsync(request, cancellation), cancellation);
    }

    /// <summary>Hands in whatever body.</summary>
    /// <param name="content">The body.</param>
    /// <param name="query">What the query has beside the converter, with its first ampersand.</param>
    /// <param name="key">The <c>Idempotency-Key</c>, if any.</param>
    public async Task<Answer> SendAsync(HttpContent content, string query = "", string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/conversions?converter=grayscale" + query) { Content = content };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await Answer.ReadAsync(await Client.SendAsync(request, Cancellation), Cancellation);
    }

    /// <summary>Asks the server to stop, as SIGTERM does, and returns at once.</summary>
    public void Stop() => _app.Lifetime.StopApplication();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        await JobManager.DisposeAsync();
    }

    private static async Task<Converter> CreateConverterAsync()
    {
        const string schema = """{ "type": "object", "properties": { "style": { "type": "string", "format": "binary" } } }""";
        var converter = new Converter("grayscale", new Uri("http://grayscale"));
        converter.MarkUp(new ConverterInfo(
            new ConverterDescriptor(
                "grayscale", "Grayscale", "Grey.", Public: true, Accelerator: false, Device: null,
                new ConverterFormats([], []), JsonSerializer.Deserialize<JsonElement>(schema), new ResultSize(Scale: 1), Lossless: true),
            await ParameterSchema.ParseAsync(schema, Cancellation)));
        return converter;
    }

    /// <summary>What a slot was given to run.</summary>
    internal sealed class GivenWork
    {
        private readonly TaskCompletionSource<AttemptClaim?> _work = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<AttemptClaim?> Work => _work.Task;

        public void Give(AttemptClaim claim) => _work.TrySetResult(claim);
    }
}
