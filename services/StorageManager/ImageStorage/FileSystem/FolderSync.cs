using System.Runtime.InteropServices;

namespace ImageEditor.StorageManager.ImageStorage.FileSystem;

/// <summary>Makes names in a folder outlive a crash of the machine. .NET opens no folders, so this is POSIX itself; Windows needs none of it.</summary>
internal static partial class FolderSync
{
    private const int ReadOnly = 0;

    /// <exception cref="IOException">The folder could not be written to disk.</exception>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(folder, ReadOnly);
        if (descriptor < 0)
        {
            throw LastError(folder);
        }

        try
        {
            if (Sync(descriptor) != 0)
            {
                throw LastError(folder);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException LastError(string folder)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"The folder {Path.GetFileName(folder)[..Math.Min(8, Path.GetFileName(folder).Length)]}… could not be written to disk: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
