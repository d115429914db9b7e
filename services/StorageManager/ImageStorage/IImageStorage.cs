using ImageEditor.StorageManager.Pictures;

namespace ImageEditor.StorageManager.ImageStorage;

/// <summary>Stores images. After any crash an image is there completely, or not at all.</summary>
internal interface IImageStorage
{
    /// <summary>Writes an image. It is on disk when this returns.</summary>
    /// <exception cref="ImageStorageException">It could not be stored.</exception>
    Task WriteAsync(ImageLocation location, ImageKind kind, Stream content, CancellationToken cancellationToken);

    /// <summary>Opens an image to read it forwards from an offset.</summary>
    /// <exception cref="ImageStorageException">It cannot be read, or is not there.</exception>
    Task<Stream> OpenAsync(ImageLocation location, ImageKind kind, long offset, CancellationToken cancellationToken);

    /// <summary>Removes all images at a location, unfinished ones included. It does not fail when there are none.</summary>
    /// <exception cref="ImageStorageException">Something may still be there.</exception>
    Task RemoveAsync(ImageLocation location, CancellationToken cancellationToken);
}
