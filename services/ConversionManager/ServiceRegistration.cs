using ImageEditor.ConversionManager.Attempts;
using ImageEditor.ConversionManager.Clients;
using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.Leasing;
using ImageEditor.ConversionManager.Saves;
using ImageEditor.ConversionManager.Submissions;
using ImageEditor.ServiceDefaults.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager;

internal static class ServiceRegistration
{
    public static void AddConversions(this WebApplicationBuilder builder)
    {
        builder.AddJobManager();
        var catalog = builder.AddConverters();
        builder.AddSubmissions();
        builder.AddAttempts(catalog);
        builder.AddSaves();
    }

    private static void AddJobManager(this WebApplicationBuilder builder)
    {
        builder.AddServiceClient(JobManagerConnection.ServiceName)
            .ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan);
        builder.Services.AddSingleton<JobManagerConnection>();
        builder.Services.AddValidatedOptions<LeasingOptions>(LeasingOptions.Section);
        builder.Services.AddSingleton<LeaseTelemetry>();
    }

    private static ConverterCatalog AddConverters(this WebApplicationBuilder builder)
    {
        builder.Services.AddHttpClient(ConverterHttp.ClientName, client => client.Timeout = Timeout.InfiniteTimeSpan);
        var catalog = ConverterCatalog.FromConfiguration(builder.Configuration);
        builder.Services.AddSingleton(catalog);
        builder.Services.AddHostedService<ConverterMonitor>();
        return catalog;
    }

    private static void AddSubmissions(this WebApplicationBuilder builder)
    {
        builder.Services.AddValidatedOptions<SubmissionOptions>(SubmissionOptions.Section);
        builder.Services.AddSingleton<IConfigureOptions<KestrelServerOptions>, RequestBodyLimit>();
        builder.Services.AddSingleton<JobIdFactory>();
        builder.Services.AddSingleton<SubmissionReader>();
        builder.Services.AddSingleton<UploadMemoryBudget>();
        builder.Services.AddSingleton<SubmissionClient>();
    }

    private static void AddAttempts(this WebApplicationBuilder builder, ConverterCatalog catalog)
    {
        builder.Services.AddValidatedOptions<AttemptOptions>(AttemptOptions.Section);
        builder.Services.AddSingleton<AttemptClient>();
        builder.Services.AddSingleton<ConverterClient>();
        builder.Services.AddSingleton<AttemptRunner>();
        foreach (var converter in catalog.All)
        {
            builder.Services.AddSingleton<IHostedService>(services => ActivatorUtilities.CreateInstance<ConversionWorker>(services, converter));
        }
    }

    private static void AddSaves(this WebApplicationBuilder builder)
    {
        builder.Services.AddValidatedOptions<SaveOptions>(SaveOptions.Section);
        builder.AddServiceClient(StorageManagerClient.ServiceName)
            .ConfigureHttpClient((provider, client) =>
            {
                client.BaseAddress = provider.GetRequiredService<IOptions<SaveOptions>>().Value.Address;
                client.Timeout = Timeout.InfiniteTimeSpan;
            });
        builder.Services.AddSingleton<SaveClient>();
        builder.Services.AddSingleton<StorageManagerClient>();
        builder.Services.AddSingleton<ThumbnailClient>();
        builder.Services.AddSingleton<SaveRunner>();
        builder.Services.AddHostedService<SaveWorker>();
    }

    private static void AddValidatedOptions<TOptions>(this IServiceCollection services, string section)
        where TOptions : class =>
        services.AddOptions<TOptions>().BindConfiguration(section).ValidateDataAnnotations().ValidateOnStart();
}
