using System.Collections.Concurrent;
using System.Text.Json;
using ImageEditor.ConversionManager.ImageInspection;
using ImageEditor.ConversionManager.Saves;
using ImageEditor.ServiceDefaults.Configuration;
using ImageEditor.ServiceDefaults.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageEditor.ConversionManager.Tests.Saves;

/// <summary>What a storage manager of the release before answers while a rolling update mixes both.</summary>
public sealed class StorageManagerClientTests
{
    private static readonly ImageFile Picture = new(new byte[16], "image/png", 8, 8);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Save_WithACopyThatIsNotKnownYet_IsSavedWithoutIt()
    {
        var forms = new ConcurrentQueue<string[]>();
        await using var app = await StartAsync(async context =>
        {
            var form = await context.Request.ReadFormAsync(Cancellation);
            forms.Enqueue([.. form.Files.Select(file => file.Name)]);
            return form.Files["display"] is null ? StatusCodes.Status201Created : StatusCodes.Status400BadRequest;
        });

        var report = await SaveAsync(app, display: Picture);

        Assert.Equal(SaveReport.Saved, report);
        Assert.Equal([["original", "converted", "thumbnail", "display"], ["original", "converted", "thumbnail"]], forms);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Save_ThatIsNeverTaken_IsRefusedAfterOneTryWithoutTheCopy(bool hasDisplay)
    {
        var calls = 0;
        await using var app = await StartAsync(_ =>
        {
            Interlocked.Increment(ref calls);
            return Task.FromResult(StatusCodes.Status400BadRequest);
        });

        var report = await SaveAsync(app, hasDisplay ? Picture : null);

        Assert.Equal(("refused", StatusCodes.Status400BadRequest), (report.Outcome, report.Status));
        Assert.Equal(hasDisplay ? 2 : 1, calls);
    }

    private static async Task<WebApplication> StartAsync(Func<HttpContext, Task<int>> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPut("/pictures/{owner}/{id}", async context => context.Response.StatusCode = await answer(context));
        await app.StartAsync(Cancellation);
        return app;
    }

    private static async Task<SaveReport> SaveAsync(WebApplication storageManager, ImageFile? display)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(
            [new("InternalKey", "a key of this test, long enough"), new("services:storage-manager:http:0", storageManager.Urls.Single())]);
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        builder.Services.AddValidatedOptions<SaveOptions>(SaveOptions.Section);
        builder.AddServiceClient(StorageManagerClient.ServiceName)
            .ConfigureHttpClient(client => client.BaseAddress = new Uri("http://storage-manager"));
        builder.Services.AddSingleton<StorageManagerClient>();
        var host = builder.Build();
        await using var end = (IAsyncDisposable)host;
        var claim = new SaveClaim
        {
            JobId = "p0-" + new string('0', 32),
            Attempt = 1,
            Converter = "grayscale",
            HeartbeatSeconds = 1,
            Owner = "user-1",
            Parameters = JsonSerializer.SerializeToElement(new { }),
            CreatedAt = DateTimeOffset.UnixEpoch,
            Original = new SavedImage(Picture.ContentType, Picture.Bytes.Length),
            Result = new SavedImage(Picture.ContentType, Picture.Bytes.Length),
            WaitedSeconds = 0,
        };
        return await host.Services.GetRequiredService<StorageManagerClient>()
            .SaveAsync(claim, Picture, Picture, Picture, display, Cancellation);
    }
}
