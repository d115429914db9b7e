namespace ImageEditor.StorageManager.ImageStorage;

/// <summary>Image storage did not do what it was asked to; nothing that was saved is lost by it.</summary>
/// <param name="fault">What is wrong.</param>
/// <param name="message">For whoever runs the installation; without keys, which hold jobs' ids.</param>
/// <param name="inner">What was caught.</param>
internal sealed class ImageStorageException(StorageFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public StorageFault Fault => fault;
}
