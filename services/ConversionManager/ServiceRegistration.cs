using ImageEditor.ConversionManager.Attempts;
using ImageEditor.ConversionManager.Clients;
using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.Leasing;
using ImageEditor.ConversionManager.Previews;
using ImageEditor.ConversionManager.Saves;
using ImageEditor.ConversionManager.Submissions;
using ImageEditor.ConversionManager.Waiting;
using ImageEditor.ServiceDefaults.Configuration;
using ImageEditor.ServiceDefaults.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager;

internal static class ServiceRegistration
{
    public static void AddConversions(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidatedOptions<SubmissionOptions, SubmissionOptionsValidator>(SubmissionOptions.Section);
        services.AddValidatedOptions<WaitingOptions>(WaitingOptions.Section);
        services.AddValidatedOptions<AttemptOptions>(AttemptOptions.Section);
        services.AddValidatedOptions<PreviewOptions>(PreviewOptions.Section);
        services.AddValidatedOptions<SaveOptions>(SaveOptions.Section);
        services.AddValidatedOptions<LeasingOptions>(LeasingOptions.Section);

        // Calls have time limits of their own.
        builder.AddServiceClient(JobManagerConnection.ServiceName).ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan);
        builder.AddServiceClient(StorageManagerClient.ServiceName).ConfigureHttpClient((provider, client) =>
        {
            client.BaseAddress = provider.GetRequiredService<IOptions<SaveOptions>>().Value.Address;
            client.Timeout = Timeout.InfiniteTimeSpan;
        });
        services.AddHttpClient(ConverterCatalog.HttpClientName, client => client.Timeout = Timeout.InfiniteTimeSpan);
        services.AddSingleton<JobManagerConnection>();

        var catalog = ConverterCatalog.FromConfiguration(builder.Configuration);
        services.AddSingleton(catalog);
        services.AddSingleton<DescriptorClient>();
        services.AddHostedService<DescriptorKeeper>();
        services.AddHostedService<ConverterMonitor>();

        // The server reads as much as a submission can have: what an image may have is checked with a message of its own.
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<PictureOptions>>(
            (kestrel, pictures) => kestrel.Limits.MaxRequestBodySize = pictures.Value.MaxRequestBytes);
        services.AddSingleton<JobIdFactory>();
        services.AddSingleton<RecipeReader>();
        services.AddSingleton<SubmissionReader>();
        services.AddSingleton<UploadMemoryBudget>();
        services.AddSingleton<SubmissionClient>();
        services.AddSingleton<OutcomeClient>();
        services.AddSingleton<DeliveryNotes>();
        services.AddHostedService(provider => provider.GetRequiredService<DeliveryNotes>());
        services.AddSingleton<ResultWaiter>();

        services.AddSingleton<LeaseTelemetry>();

        // Hosted services stop in reverse order: this one after the workers below, which hold leases until they have ended.
        services.AddSingleton<ILeaseClient, LeaseClient>();
        services.AddSingleton<LeaseKeeper>();
        services.AddHostedService(provider => provider.GetRequiredService<LeaseKeeper>());
        services.AddSingleton<AttemptClient>();
        services.AddSingleton<ConverterClient>();
        services.AddSingleton<RecipePlaces>();
        services.AddSingleton<RecipeRunner>();
        services.AddSingleton<AttemptRunner>();
        services.AddSingleton<ConversionSlots>();
        services.AddSingleton<PreviewRunner>();
        foreach (var program in catalog.Programs)
        {
            services.AddSingleton<IHostedService>(provider => ActivatorUtilities.CreateInstance<ConversionWorker>(provider, program));
        }

        services.AddSingleton<SaveClient>();
        services.AddSingleton<StorageManagerClient>();
        services.AddSingleton<GalleryCopyClient>();
        services.AddSingleton<SaveRunner>();
        services.AddHostedService<SaveWorker>();
    }
}
