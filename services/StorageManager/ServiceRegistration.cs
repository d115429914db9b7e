using Amazon.S3;
using ImageEditor.ServiceDefaults.Health;
using ImageEditor.ServiceDefaults.Stores;
using ImageEditor.StorageManager.ImageStorage;
using ImageEditor.StorageManager.ImageStorage.FileSystem;
using ImageEditor.StorageManager.ImageStorage.S3;
using ImageEditor.StorageManager.Metadata;
using ImageEditor.StorageManager.Pictures;
using ImageEditor.StorageManager.Saving;
using ImageEditor.StorageManager.Settings;
using ImageEditor.StorageManager.Sweeping;
using ImageEditor.StorageManager.Telemetry;
using Microsoft.Extensions.Options;

namespace ImageEditor.StorageManager;

internal static class ServiceRegistration
{
    public const string ConnectionName = "metadata";
    private const int ConnectSeconds = 3;
    private const int CommandSeconds = 10;

    /// <summary>Adds metadata, image storage, and all that works on them.</summary>
    /// <returns>The same builder.</returns>
    public static WebApplicationBuilder AddGallery(this WebApplicationBuilder builder)
    {
        builder.AddMetadata();
        builder.AddImageStorage();
        var services = builder.Services;
        services.AddOptions<GalleryOptions>().BindConfiguration(GalleryOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<GalleryOptions>, GalleryRules>();
        services.AddSingleton<GalleryMetrics>();
        services.AddSingleton<Gallery>();
        services.AddSingleton<PictureForm>();
        services.AddSingleton<Saver>();
        services.AddSingleton<Housekeeping>();
        services.AddHostedService<Sweeper>();
        return builder;
    }

    private static void AddMetadata(this WebApplicationBuilder builder)
    {
        builder.AddNpgsqlDataSource(
            ConnectionName,
            // In place of its check, which makes every replica unready whenever the database is away.
            settings => settings.DisableHealthChecks = true,
            source =>
            {
                // In place of the connection string, in the names of its figures.
                source.Name = ConnectionName;
                source.ConnectionStringBuilder.Timeout = ConnectSeconds;
                source.ConnectionStringBuilder.CommandTimeout = CommandSeconds;
            });
        builder.Services.AddSingleton<Database>();
        builder.Services.AddHostedService<Migrator>();
        builder.Services.AddStoreWatch<MetadataProbe>();
        builder.Services.AddHealthChecks().AddOnce<Database>("migrations", database => database.IsMigrated, "The tables are not there yet.");
    }

    private static void AddImageStorage(this WebApplicationBuilder builder)
    {
        builder.Configuration.ApplyImageStorageConnection();
        var services = builder.Services;
        services.AddOptions<ImageStorageOptions>().BindConfiguration(ImageStorageOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ImageStorageOptions>, ImageStorageRules>();
        if (builder.Configuration[$"{ImageStorageOptions.Section}:{nameof(ImageStorageOptions.Kind)}"] == ImageStorageOptions.S3Kind)
        {
            services.AddSingleton<IAmazonS3>(provider => S3Client.Create(provider.GetRequiredService<IOptions<ImageStorageOptions>>().Value.S3));
            services.AddSingleton<IImageStorage, S3Storage>();
        }
        else
        {
            services.AddSingleton<IImageStorage, FileSystemStorage>();
        }
    }
}
