namespace ImageEditor.StorageManager.ImageStorage;

/// <summary>Translates errors of a disk.</summary>
internal static class DiskErrors
{
    // ENOSPC and EDQUOT of Linux, EDQUOT of macOS, and ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL of Windows.
    private static readonly int[] Full = [28, 122, 69, unchecked((int)0x80070070), unchecked((int)0x80070027)];

    // EACCES and EPERM and EROFS.
    private static readonly int[] Denied = [13, 1, 30];

    /// <summary>Translates an exception, without its message: that contains a path, which contains a job's id.</summary>
    public static ImageStorageException Translate(Exception exception) => exception switch
    {
        IOException when Full.Contains(exception.HResult) => new(StorageFault.Full, "The disk of image storage is full.", exception),
        FileNotFoundException or DirectoryNotFoundException => new(StorageFault.Missing, "An image's file is not there.", exception),
        UnauthorizedAccessException => new(StorageFault.AccessDenied, "The folder of image storage may not be read or written.", exception),
        IOException when Denied.Contains(exception.HResult) =>
            new(StorageFault.AccessDenied, "The folder of image storage may not be read or written.", exception),
        _ => new(
            StorageFault.Unreachable,
            $"The disk of image storage failed ({exception.GetType().Name}, code {exception.HResult}).",
            exception),
    };
}
