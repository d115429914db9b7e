using System.IO.Compression;
using ImageEditor.StorageManager.ImageStorage;
using ImageEditor.StorageManager.Pictures;

namespace ImageEditor.StorageManager.Gallery;

/// <summary>Responds with a zip file of all pictures of an owner.</summary>
/// <remarks>
/// The file is written while it is sent: pictures are read page by page, and images buffer by buffer. An error aborts the response: a zip
/// file that ends early cannot be opened, so half a gallery is never taken for the whole.
/// </remarks>
internal sealed class GalleryArchive(Owner owner, GalleryService gallery, IImageStorage storage, TimeSpan readTimeout) : IResult
{
    public const string ContentType = "application/zip";

    private const int PageSize = 100;
    private const int BufferBytes = 80 << 10;
    private static readonly ImageKind[] Kinds = [ImageKind.Original, ImageKind.Converted];

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var cancellationToken = httpContext.RequestAborted;

        // The first page is read before the headers are sent: without the database, the response is still a problem.
        var page = await gallery.ReadPageAsync(owner, PageCursor.Start, null, PageSize, cancellationToken);
        WriteHeaders(httpContext.Response);

        // It is not disposed after an error: that would end the file as if it were complete.
        var body = new PipeStream(httpContext.Response.BodyWriter);
        var archive = await ZipArchive.CreateAsync(
            body, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        var names = new UniqueNames();
        while (true)
        {
            foreach (var picture in page.Pictures)
            {
                foreach (var (kind, name) in Kinds.Zip(names.CreateFor(picture)))
                {
                    await AddAsync(archive, picture, kind, name, cancellationToken);
                }
            }

            if (page.Next is not { } cursor)
            {
                break;
            }

            page = await gallery.ReadPageAsync(owner, cursor, null, PageSize, cancellationToken);
        }

        await archive.DisposeAsync();
        await body.FlushAsync(cancellationToken);
    }

    private async Task AddAsync(ZipArchive archive, Picture picture, ImageKind kind, string name, CancellationToken cancellationToken)
    {
        var image = picture.Image(kind)!;
        await using var content = new StoredImageStream(storage, picture.Location, kind, image.Bytes, readTimeout);

        // The first bytes are read before the entry is written: without image storage, the response is still a problem.
        var buffer = new byte[BufferBytes];
        var length = await content.ReadAsync(buffer, cancellationToken);

        // Images are compressed already.
        var entry = archive.CreateEntry(name, CompressionLevel.NoCompression);
        entry.LastWriteTime = new DateTimeOffset(picture.CreatedAt);
        await using var target = await entry.OpenAsync(cancellationToken);
        await target.WriteAsync(buffer.AsMemory(0, length), cancellationToken);
        await content.CopyToAsync(target, BufferBytes, cancellationToken);
    }

    private static void WriteHeaders(HttpResponse response)
    {
        response.ContentType = ContentType;
        response.Headers.ContentDisposition = "attachment; filename=\"gallery.zip\"";
        response.Headers.CacheControl = "no-store";
        response.Headers.AcceptRanges = "none";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "sandbox";
    }

    /// <summary>
    /// Makes names unique, also for file systems that take large and small letters for the same. The two of one picture may be the same
    /// where a long one is cut. All names are kept, which is little beside what the files are.
    /// </summary>
    private sealed class UniqueNames
    {
        private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);
        private readonly Dictionary<string, int> _lastNumbers = new(StringComparer.OrdinalIgnoreCase);

        /// <summary>Names the files of a picture: all kinds with the same number.</summary>
        public List<string> CreateFor(Picture picture)
        {
            var stem = FileNames.Stem(picture);
            var number = _lastNumbers.GetValueOrDefault(stem);
            List<string> names;
            do
            {
                number++;
                names = [.. Kinds.Select(kind => FileNames.ForImage(picture, kind, picture.Image(kind)!, number))];
            }
            while (names.Any(_taken.Contains) || names.Distinct(_taken.Comparer).Count() < names.Count);

            _taken.UnionWith(names);
            _lastNumbers[stem] = number;
            return names;
        }
    }
}
