namespace ImageEditor.StorageManager.ImageStorage;

/// <summary>A call of image storage failed. Nothing that was saved is lost by it.</summary>
/// <param name="fault">What is wrong.</param>
/// <param name="message">A sentence for the operator, without keys of images: they contain jobs' ids.</param>
/// <param name="inner">The cause.</param>
internal sealed class ImageStorageException(StorageFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public StorageFault Fault => fault;
}
