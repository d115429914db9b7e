using ImageEditor.ConversionManager.Conversions;
using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.Jobs;
using ImageEditor.ConversionManager.Saves;
using ImageEditor.ConversionManager.Work;
using ImageEditor.ServiceDefaults.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager;

internal static class ServiceRegistration
{
    public static void AddConversions(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<ConversionOptions>()
            .BindConfiguration(ConversionOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, RequestLimits>();

        builder.AddServiceClient(JobManagerClient.ServiceName)
            .ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan);
        services.AddHttpClient(ConverterClient.HttpClientName, client => client.Timeout = Timeout.InfiniteTimeSpan);
        services.AddSingleton<JobManagerClient>();

        services.AddSingleton(ConverterCatalog.FromConfiguration(builder.Configuration));
        services.AddHostedService<ConverterMonitor>();

        services.AddSingleton<JobIds>();
        services.AddSingleton<SubmissionReader>();
        services.AddSingleton<UploadRoom>();
        services.AddSingleton<ConverterClient>();
        services.AddSingleton<WorkMetrics>();
        services.AddSingleton<AttemptRunner>();
        services.AddHostedService<ConversionWorker>();
        builder.AddSaves();
    }

    private static void AddSaves(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<SaveOptions>()
            .BindConfiguration(SaveOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.AddServiceClient(StorageManagerClient.ServiceName)
            .ConfigureHttpClient((provider, client) =>
            {
                client.BaseAddress = provider.GetRequiredService<IOptions<SaveOptions>>().Value.Address;
                client.Timeout = Timeout.InfiniteTimeSpan;
            });
        services.AddSingleton<StorageManagerClient>();
        services.AddSingleton<ThumbnailClient>();
        services.AddSingleton<SaveRunner>();
        services.AddHostedService<SaveWorker>();
    }
}
