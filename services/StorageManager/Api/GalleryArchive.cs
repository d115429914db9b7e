using System.IO.Compression;
using ImageEditor.StorageManager.ImageStorage;
using ImageEditor.StorageManager.Pictures;

namespace ImageEditor.StorageManager.Api;

/// <summary>Answers with a zip file of all pictures of an owner, made while it is sent: pictures are read page by page, images piece by piece, and nothing is kept but names.</summary>
/// <remarks>What fails on the way breaks the answer off: a zip file that ends early is no zip file, so nobody takes half a gallery for all of it.</remarks>
internal sealed class GalleryArchive(Owner owner, Gallery gallery, IImageStorage storage, TimeSpan readTimeout) : IResult
{
    public const string ContentType = "application/zip";

    private const int Page = 100;
    private const int PieceBytes = 80 << 10;
    private static readonly ImageKind[] Kinds = [ImageKind.Original, ImageKind.Converted];

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var cancellationToken = httpContext.RequestAborted;

        // The first page before the headers: a database that is away is still a proper answer.
        var (pictures, next) = await gallery.PageAsync(owner, PageCursor.Start, null, Page, cancellationToken);
        Describe(httpContext.Response);

        // Not disposed when something fails: that would end the file as if it were whole.
        var body = new PipeStream(httpContext.Response.BodyWriter);
        var archive = await ZipArchive.CreateAsync(body, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        var names = new UniqueStems();
        while (true)
        {
            foreach (var picture in pictures)
            {
                var stem = names.Of(picture);
                foreach (var kind in Kinds)
                {
                    await AddAsync(archive, picture, kind, stem, cancellationToken);
                }
            }

            if (next is not { } cursor)
            {
                break;
            }

            (pictures, next) = await gallery.PageAsync(owner, cursor, null, Page, cancellationToken);
        }

        await archive.DisposeAsync();
        await body.FlushAsync(cancellationToken);
    }

    private async Task AddAsync(ZipArchive archive, Picture picture, ImageKind kind, string stem, CancellationToken cancellationToken)
    {
        var image = picture.Image(kind)!;
        await using var content = new StoredImageStream(storage, picture.Place, kind, image.Bytes, readTimeout);

        // The first piece before the entry: image storage that is away from the start is still a proper answer.
        var piece = new byte[PieceBytes];
        var length = await content.ReadAsync(piece, cancellationToken);

        // Images are compressed already.
        var entry = archive.CreateEntry(FileNames.Of(stem, kind, image), CompressionLevel.NoCompression);
        entry.LastWriteTime = new DateTimeOffset(picture.CreatedAt);
        await using var target = await entry.OpenAsync(cancellationToken);
        await target.WriteAsync(piece.AsMemory(0, length), cancellationToken);
        await content.CopyToAsync(target, PieceBytes, cancellationToken);
    }

    private static void Describe(HttpResponse response)
    {
        response.ContentType = ContentType;
        response.Headers.ContentDisposition = "attachment; filename=\"gallery.zip\"";
        response.Headers.CacheControl = "no-store";
        response.Headers.AcceptRanges = "none";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "sandbox";
    }

    /// <summary>Makes names unique. Pictures come by time, and a name begins with the second, so that only the current second's names are kept.</summary>
    private sealed class UniqueStems
    {
        private readonly Dictionary<string, int> _seen = [];
        private DateTime _second;

        public string Of(Picture picture)
        {
            var second = new DateTime(picture.CreatedAt.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, DateTimeKind.Utc);
            if (second != _second)
            {
                _seen.Clear();
                _second = second;
            }

            var stem = FileNames.Stem(picture);
            var count = _seen[stem] = _seen.GetValueOrDefault(stem) + 1;
            return count == 1 ? stem : $"{stem}_{count}";
        }
    }
}
