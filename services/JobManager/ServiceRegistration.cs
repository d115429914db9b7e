using ImageEditor.JobManager.Attempts;
using ImageEditor.JobManager.Descriptors;
using ImageEditor.JobManager.Events;
using ImageEditor.JobManager.Jobs;
using ImageEditor.JobManager.Leasing;
using ImageEditor.JobManager.Queues;
using ImageEditor.JobManager.Saves;
using ImageEditor.JobManager.Store;
using ImageEditor.JobManager.Sweeping;
using ImageEditor.ServiceDefaults.Configuration;
using ImageEditor.ServiceDefaults.Stores;

namespace ImageEditor.JobManager;

internal static class ServiceRegistration
{
    private const string ConnectionName = "job-store";

    /// <summary>Adds the job store and all that works on it.</summary>
    /// <returns>The same builder.</returns>
    public static WebApplicationBuilder AddJobStore(this WebApplicationBuilder builder)
    {
        // The client is made before there are services to ask; whether the settings are right is checked at the start.
        var pictures = builder.Configuration.GetSection(PictureOptions.Section).Get<PictureOptions>() ?? new();
        builder.AddRedisClient(
            ConnectionName,

            // In place of its check, which makes every replica unready whenever the store is away.
            settings => settings.DisableHealthChecks = true,
            options => StoreConnectionOptions.Apply(options, pictures.TransferTime));
        builder.Services.AddValidatedOptions<JobsOptions, JobsOptionsValidator>(JobsOptions.Section);
        builder.Services.AddValidatedOptions<JobStoreOptions, JobStoreOptionsValidator>(JobStoreOptions.Section);
        builder.Services.AddJobStoreServices();
        builder.Services.AddSingleton<RequestBodies>();
        builder.Services.AddHostedService(services => services.GetRequiredService<StoreNotifications>());
        builder.Services.AddHostedService<ClockWorker>();
        builder.Services.AddHostedService<QueuePoll>();
        builder.Services.AddHostedService<SweepWorker>();
        return builder;
    }

    /// <summary>Adds what works on a store whose connection and settings are there already.</summary>
    public static IServiceCollection AddJobStoreServices(this IServiceCollection services)
    {
        services.AddStoreWatch<JobStoreProbe>();
        services.AddSingleton<IScriptConstants, JobScriptConstants>();
        services.AddSingleton<LuaScripts>();
        services.AddSingleton<StoreConnection>();
        services.AddSingleton<StoreClock>();
        services.AddSingleton<JobScriptRunner>();
        services.AddSingleton<BlobStore>();
        services.AddSingleton<JobStore>();
        services.AddSingleton<DeliveredResults>();
        services.AddSingleton<LeaseStore>();
        services.AddSingleton<JobLeases>();
        services.AddSingleton<SaveLeases>();
        services.AddSingleton<JobQueues>();
        services.AddSingleton<QueueHeads>();
        services.AddSingleton<DescriptorStore>();
        services.AddSingleton<StoreSweep>();
        services.AddSingleton<JobMetrics>();
        services.AddSingleton<SaveMetrics>();
        services.AddSingleton<StoreMetrics>();
        services.AddSingleton<StoreNotifications>();
        services.AddSingleton<JobEvents>();
        services.AddSingleton<JobOutcomes>();
        services.AddSingleton<KnownConverters>();
        services.AddSingleton<ClaimWaiter>();
        return services;
    }
}
