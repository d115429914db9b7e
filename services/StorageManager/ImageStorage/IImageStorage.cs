using ImageEditor.StorageManager.Pictures;

namespace ImageEditor.StorageManager.ImageStorage;

/// <summary>Where images are. What was written is there after any crash, whole, or it is not there at all.</summary>
internal interface IImageStorage
{
    /// <summary>Writes an image. It is on disk when this returns.</summary>
    /// <exception cref="ImageStorageException">It could not be kept.</exception>
    Task WriteAsync(PicturePlace place, ImageKind kind, Stream content, CancellationToken cancellationToken);

    /// <summary>Opens an image to be read from a byte on; forward only.</summary>
    /// <exception cref="ImageStorageException">It cannot be read, or is not there.</exception>
    Task<Stream> OpenAsync(PicturePlace place, ImageKind kind, long offset, CancellationToken cancellationToken);

    /// <summary>Removes all images at a place, halves of writes that were cut off included. That there is nothing is fine.</summary>
    /// <exception cref="ImageStorageException">Something may still be there.</exception>
    Task RemoveAsync(PicturePlace place, CancellationToken cancellationToken);
}
