using System.Buffers;
using ImageEditor.StorageManager.Pictures;
using Microsoft.Extensions.Options;

namespace ImageEditor.StorageManager.ImageStorage.FileSystem;

/// <summary>Images as files of a folder that all replicas share: <c>{root}/{owner}/{job}/{id}/{kind}</c>.</summary>
internal sealed class FileSystemStorage(IOptions<ImageStorageOptions> options) : IImageStorage
{
    private const string UnfinishedSuffix = ".part";
    private const int BufferBytes = 128 << 10;
    private const int MaxTries = 5;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _root = Path.GetFullPath(options.Value.FileSystem.Root);

    public async Task WriteAsync(ImageLocation location, ImageKind kind, Stream content, CancellationToken cancellationToken)
    {
        var path = PathOf(location, kind);
        await using (var file = TranslatingErrors(() => Create(path + UnfinishedSuffix)))
        {
            var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
            try
            {
                int read;
                while ((read = await content.ReadAsync(buffer.AsMemory(0, BufferBytes), cancellationToken)) > 0)
                {
                    await TranslatingErrorsAsync(() => file.WriteAsync(buffer.AsMemory(0, read), cancellationToken).AsTask());
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }

            TranslatingErrors(() => file.Flush(flushToDisk: true));
        }

        TranslatingErrors(() =>
        {
            File.Move(path + UnfinishedSuffix, path);

            // A new name is on disk only when its folder is, and so on up to the root.
            for (var folder = Path.GetDirectoryName(path)!; folder.Length >= _root.Length; folder = Path.GetDirectoryName(folder)!)
            {
                DirectoryFsync.Flush(folder);
            }
        });
    }

    public Task<Stream> OpenAsync(ImageLocation location, ImageKind kind, long offset, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan, BufferSize = 0 };
        return Task.FromResult(TranslatingErrors<Stream>(() => new FileStream(PathOf(location, kind), options) { Position = offset }));
    }

    public Task RemoveAsync(ImageLocation location, CancellationToken cancellationToken)
    {
        var folder = FolderOf(location);
        TranslatingErrors(() =>
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        });

        // The folders of job and owner are removed with their last content.
        for (var parent = Path.GetDirectoryName(folder)!; parent.Length > _root.Length; parent = Path.GetDirectoryName(parent)!)
        {
            if (!TryDeleteEmpty(parent))
            {
                break;
            }
        }

        return Task.CompletedTask;
    }

    private string FolderOf(ImageLocation location) => Path.GetDirectoryName(PathOf(location, ImageKind.Original))!;

    private string PathOf(ImageLocation location, ImageKind kind) => Path.Combine(_root, location.Key(kind));

    private static FileStream Create(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            Options = FileOptions.Asynchronous,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (OperatingSystem.IsWindows())
                {
                    Directory.CreateDirectory(folder);
                }
                else
                {
                    Directory.CreateDirectory(folder, OwnerOnly);
                }

                return new FileStream(path, options);
            }
            catch (DirectoryNotFoundException) when (attempt < MaxTries)
            {
                // A concurrent removal deleted an empty folder in between.
            }
        }
    }

    private static bool TryDeleteEmpty(string folder)
    {
        try
        {
            Directory.Delete(folder);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is not empty, or was deleted already. An empty folder does no harm.
            return false;
        }
    }

    /// <summary>Does some work, and translates what the disk throws.</summary>
    private static void TranslatingErrors(Action work) => TranslatingErrors(() =>
    {
        work();
        return true;
    });

    private static T TranslatingErrors<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DiskErrors.Translate(exception);
        }
    }

    private static async Task TranslatingErrorsAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DiskErrors.Translate(exception);
        }
    }
}
