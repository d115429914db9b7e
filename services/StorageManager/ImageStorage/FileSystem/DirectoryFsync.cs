using System.Runtime.InteropServices;

namespace ImageEditor.StorageManager.ImageStorage.FileSystem;

/// <summary>
/// Makes the names in a folder survive a crash of the machine. It calls POSIX, since .NET cannot open folders; Windows does not need it.
/// </summary>
internal static partial class DirectoryFsync
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
        var name = Path.GetFileName(folder);
        return new IOException(
            $"The folder {name[..Math.Min(8, name.Length)]}… could not be written to disk: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
