using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using ImageEditor.StorageManager.ImageStorage.FileSystem;
using ImageEditor.StorageManager.Pictures;
using ImageEditor.StorageManager.Settings;
using Microsoft.Extensions.Options;

namespace ImageEditor.StorageManager.ImageStorage.S3;

/// <summary>Images as objects of a bucket. An object appears whole or not at all, since each is one PUT whose length and hash are signed.</summary>
internal sealed class S3Storage(IAmazonS3 client, IOptions<ImageStorageOptions> options) : IImageStorage
{
    private const int PieceBytes = 128 << 10;

    private readonly S3StorageOptions _settings = options.Value.S3;

    public async Task WriteAsync(PicturePlace place, ImageKind kind, Stream content, CancellationToken cancellationToken)
    {
        // By way of a file of its own: one PUT needs the length first, and can then be sent again by itself.
        await using var file = await SpoolAsync(content, cancellationToken);
        await TryAsync(
            () => client.PutObjectAsync(
                new PutObjectRequest { BucketName = _settings.Bucket, Key = place.Key(kind), InputStream = file, AutoCloseStream = false, UseChunkEncoding = false },
                cancellationToken),
            cancellationToken);
    }

    public async Task<Stream> OpenAsync(PicturePlace place, ImageKind kind, long offset, CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest { BucketName = _settings.Bucket, Key = place.Key(kind) };
        if (offset > 0)
        {
            request.ByteRange = new ByteRange($"bytes={offset}-");
        }

        return (await TryAsync(() => client.GetObjectAsync(request, cancellationToken), cancellationToken)).ResponseStream;
    }

    public async Task RemoveAsync(PicturePlace place, CancellationToken cancellationToken)
    {
        foreach (var kind in ImageKinds.All)
        {
            await TryAsync(() => client.DeleteObjectAsync(_settings.Bucket, place.Key(kind), cancellationToken), cancellationToken);
        }
    }

    private static async Task<FileStream> SpoolAsync(Stream content, CancellationToken cancellationToken)
    {
        FileStream? file = null;
        try
        {
            file = new FileStream(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
                BufferSize = 0,
            });
            var piece = new byte[PieceBytes];
            int read;
            while ((read = await content.ReadAsync(piece, cancellationToken)) > 0)
            {
                await file.WriteAsync(piece.AsMemory(0, read), cancellationToken);
            }

            file.Position = 0;
            return file;
        }
        catch (Exception exception)
        {
            if (file is not null)
            {
                await file.DisposeAsync();
            }

            // What the caller did wrong is an IOException as well, and stays what it is.
            if (exception is IOException and not BadHttpRequestException or UnauthorizedAccessException)
            {
                throw DiskFault.Of(exception);
            }

            throw;
        }
    }

    private async Task<T> TryAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (AmazonS3Exception exception)
        {
            throw Meaning(exception);
        }
        catch (Exception exception) when (exception is AmazonClientException or HttpRequestException or IOException or TimeoutException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new ImageStorageException(StorageFault.Unreachable, $"The bucket's server cannot be reached, or not in time: {exception.GetType().Name}.", exception);
        }
    }

    private ImageStorageException Meaning(AmazonS3Exception exception) => exception switch
    {
        { ErrorCode: "NoSuchBucket" } => new(StorageFault.Unreachable, $"The bucket '{_settings.Bucket}' is not there.", exception),
        { ErrorCode: "QuotaExceeded" or "StorageFull" or "XMinioStorageFull" or "InsufficientStorage" } or { StatusCode: HttpStatusCode.InsufficientStorage } =>
            new(StorageFault.Full, $"The bucket is full ({exception.ErrorCode}).", exception),
        { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } =>
            new(StorageFault.AccessDenied, $"The bucket's server refuses access ({exception.ErrorCode}).", exception),
        { StatusCode: HttpStatusCode.NotFound } => new(StorageFault.Missing, "An image is not in the bucket.", exception),
        _ => new(StorageFault.Unreachable, $"The bucket's server answered {(int)exception.StatusCode} ({exception.ErrorCode}).", exception),
    };
}
