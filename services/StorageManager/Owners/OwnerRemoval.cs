using ImageEditor.StorageManager.Gallery;
using ImageEditor.StorageManager.Metadata;
using ImageEditor.StorageManager.Pictures;
using Microsoft.Extensions.Options;

namespace ImageEditor.StorageManager.Owners;

/// <summary>Removes the pictures of deleted accounts.</summary>
internal sealed partial class OwnerRemoval(
    Database database, GalleryMetrics metrics, IOptions<GalleryOptions> options, ILogger<OwnerRemoval> logger)
{
    /// <summary>Removes everything of a deleted account, beyond restoring, and all that its jobs would still save.</summary>
    /// <exception cref="MetadataUnavailableException">The database did not answer.</exception>
    public async Task RemoveAsync(Owner owner, CancellationToken cancellationToken)
    {
        var removed = await database.ExecuteForOwnerAsync(Sql.RemoveOwner, owner, options.Value.ClearTimeout, cancellationToken);
        metrics.Purged(removed);
        Log.OwnerRemoved(logger, removed);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "An account is gone: {Pictures} pictures were removed", EventName = "OwnerRemoved")]
        public static partial void OwnerRemoved(ILogger logger, int pictures);
    }
}
