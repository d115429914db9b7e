using Amazon.S3;
using ImageEditor.ServiceDefaults.Configuration;
using ImageEditor.ServiceDefaults.Health;
using ImageEditor.ServiceDefaults.Stores;
using ImageEditor.StorageManager.Gallery;
using ImageEditor.StorageManager.ImageStorage;
using ImageEditor.StorageManager.ImageStorage.FileSystem;
using ImageEditor.StorageManager.ImageStorage.S3;
using ImageEditor.StorageManager.Metadata;
using ImageEditor.StorageManager.Owners;
using ImageEditor.StorageManager.Recipes;
using ImageEditor.StorageManager.Saves;
using ImageEditor.StorageManager.Sweeping;
using Microsoft.Extensions.Options;

namespace ImageEditor.StorageManager;

internal static class ServiceRegistration
{
    /// <summary>Adds the services of the gallery.</summary>
    /// <returns>The same builder.</returns>
    public static WebApplicationBuilder AddGallery(this WebApplicationBuilder builder)
    {
        builder.AddMetadata();
        builder.AddImageStorage();
        var services = builder.Services;
        services.AddValidatedOptions<GalleryOptions, GalleryOptionsValidator>(GalleryOptions.Section);
        services.AddSingleton<GalleryMetrics>();
        services.AddSingleton<GalleryService>();
        services.AddSingleton<OwnerRemoval>();
        services.AddSingleton<RecipeService>();
        services.AddSingleton<PictureFormReader>();
        services.AddSingleton<PictureSaver>();
        services.AddSingleton<GallerySweep>();
        services.AddHostedService<GallerySweepWorker>();
        return builder;
    }

    private static void AddMetadata(this WebApplicationBuilder builder)
    {
        builder.AddNpgsqlDataSource(
            Database.ConnectionName,
            // This service has its own check. The library's check makes every replica unready whenever the database is away.
            settings => settings.DisableHealthChecks = true,
            source => source.ApplyServiceDefaults(Database.ConnectionName));
        builder.Services.AddSingleton<Database>();
        builder.Services.AddHostedService<Migrator>();
        builder.Services.AddPostgresWatch(Database.ConnectionName);
        builder.Services.AddHealthChecks().AddReadyOnce<Database>(
            "migrations", database => database.IsMigrated, "The tables are not there yet.");
    }

    private static void AddImageStorage(this WebApplicationBuilder builder)
    {
        builder.Configuration.ApplyImageStorageConnection();
        var services = builder.Services;
        services.AddValidatedOptions<ImageStorageOptions, ImageStorageOptionsValidator>(ImageStorageOptions.Section);
        if (builder.Configuration[$"{ImageStorageOptions.Section}:{nameof(ImageStorageOptions.Kind)}"] == ImageStorageOptions.S3Kind)
        {
            services.AddSingleton<IAmazonS3>(
                provider => S3Client.Create(provider.GetRequiredService<IOptions<ImageStorageOptions>>().Value.S3));
            services.AddSingleton<IImageStorage, S3Storage>();
        }
        else
        {
            services.AddSingleton<IImageStorage, FileSystemStorage>();
        }
    }
}
