using System.Buffers;
using ImageEditor.StorageManager.Pictures;
using ImageEditor.StorageManager.Settings;
using Microsoft.Extensions.Options;

namespace ImageEditor.StorageManager.ImageStorage.FileSystem;

/// <summary>Images as files of a folder that all replicas share: <c>{root}/{owner}/{job}/{id}/{kind}</c>.</summary>
internal sealed class FileSystemStorage(IOptions<ImageStorageOptions> options) : IImageStorage
{
    private const string Unfinished = ".part";
    private const int PieceBytes = 128 << 10;
    private const int Tries = 5;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _root = Path.GetFullPath(options.Value.FileSystem.Root);

    public async Task WriteAsync(PicturePlace place, ImageKind kind, Stream content, CancellationToken cancellationToken)
    {
        var path = PathOf(place, kind);
        await using (var file = Try(() => Create(path + Unfinished)))
        {
            var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
            try
            {
                int read;
                while ((read = await content.ReadAsync(piece.AsMemory(0, PieceBytes), cancellationToken)) > 0)
                {
                    await TryAsync(() => file.WriteAsync(piece.AsMemory(0, read), cancellationToken).AsTask());
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(piece);
            }

            Try(() => file.Flush(flushToDisk: true));
        }

        Try(() =>
        {
            File.Move(path + Unfinished, path);

            // A new name is on disk only once its folder is, and so up to the root.
            for (var folder = Path.GetDirectoryName(path)!; folder.Length >= _root.Length; folder = Path.GetDirectoryName(folder)!)
            {
                FolderSync.Flush(folder);
            }
        });
    }

    public Task<Stream> OpenAsync(PicturePlace place, ImageKind kind, long offset, CancellationToken cancellationToken) => Task.FromResult(Try<Stream>(() =>
        new FileStream(PathOf(place, kind), new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan, BufferSize = 0 }) { Position = offset }));

    public Task RemoveAsync(PicturePlace place, CancellationToken cancellationToken)
    {
        var folder = FolderOf(place);
        Try(() =>
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        });

        // The folders of job and owner go with the last that was in them.
        for (var parent = Path.GetDirectoryName(folder)!; parent.Length > _root.Length; parent = Path.GetDirectoryName(parent)!)
        {
            if (!TryDeleteEmpty(parent))
            {
                break;
            }
        }

        return Task.CompletedTask;
    }

    private string FolderOf(PicturePlace place) => Path.GetDirectoryName(PathOf(place, ImageKind.Original))!;

    private string PathOf(PicturePlace place, ImageKind kind) => Path.Combine(_root, place.Key(kind));

    private static FileStream Create(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, Options = FileOptions.Asynchronous, BufferSize = 0 };
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
            catch (DirectoryNotFoundException) when (attempt < Tries)
            {
                // A removal beside this one took an empty folder away in between.
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
            // Not empty; or gone already; an empty folder does no harm.
            return false;
        }
    }

    private static void Try(Action work) => Try(() =>
    {
        work();
        return true;
    });

    private static T Try<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DiskFault.Of(exception);
        }
    }

    private static async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DiskFault.Of(exception);
        }
    }
}
