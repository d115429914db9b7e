using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using ImageEditor.StorageManager.Pictures;
using Microsoft.Extensions.Options;

namespace ImageEditor.StorageManager.ImageStorage.S3;

/// <summary>
/// Images as objects of a bucket. An object is there completely or not at all, since each is one PUT whose length and hash are signed.
/// </summary>
internal sealed class S3Storage(IAmazonS3 client, IOptions<ImageStorageOptions> options) : IImageStorage
{
    private const int BufferBytes = 128 << 10;

    private readonly S3StorageOptions _settings = options.Value.S3;

    public async Task WriteAsync(ImageLocation location, ImageKind kind, Stream content, CancellationToken cancellationToken)
    {
        // A temporary file gives the length that one PUT needs in advance, and lets the client retry by itself.
        await using var file = await SpoolAsync(content, cancellationToken);
        await TranslatingErrorsAsync(
            () => client.PutObjectAsync(
                new PutObjectRequest
                {
                    BucketName = _settings.Bucket,
                    Key = location.Key(kind),
                    InputStream = file,
                    AutoCloseStream = false,
                    UseChunkEncoding = false,
                },
                cancellationToken),
            cancellationToken);
    }

    public async Task<Stream> OpenAsync(ImageLocation location, ImageKind kind, long offset, CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest { BucketName = _settings.Bucket, Key = location.Key(kind) };
        if (offset > 0)
        {
            request.ByteRange = new ByteRange($"bytes={offset}-");
        }

        return (await TranslatingErrorsAsync(() => client.GetObjectAsync(request, cancellationToken), cancellationToken)).ResponseStream;
    }

    public async Task RemoveAsync(ImageLocation location, CancellationToken cancellationToken)
    {
        foreach (var kind in ImageKinds.All)
        {
            await TranslatingErrorsAsync(
                () => client.DeleteObjectAsync(_settings.Bucket, location.Key(kind), cancellationToken), cancellationToken);
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
            var buffer = new byte[BufferBytes];
            int read;
            while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
            {
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
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

            // An error of the caller is an IOException as well, and is no error of the disk.
            if (exception is IOException and not BadHttpRequestException or UnauthorizedAccessException)
            {
                throw DiskErrors.Translate(exception);
            }

            throw;
        }
    }

    private async Task<T> TranslatingErrorsAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (AmazonS3Exception exception)
        {
            throw Translate(exception);
        }
        catch (Exception exception) when (exception is AmazonClientException or HttpRequestException or IOException or TimeoutException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new ImageStorageException(
                StorageFault.Unreachable, $"The bucket's server cannot be reached, or not in time: {exception.GetType().Name}.", exception);
        }
    }

    private ImageStorageException Translate(AmazonS3Exception exception) => exception switch
    {
        { ErrorCode: "NoSuchBucket" } => new(StorageFault.Unreachable, $"The bucket '{_settings.Bucket}' is not there.", exception),
        { ErrorCode: "QuotaExceeded" or "StorageFull" or "XMinioStorageFull" or "InsufficientStorage" }
            or { StatusCode: HttpStatusCode.InsufficientStorage } =>
                new(StorageFault.Full, $"The bucket is full ({exception.ErrorCode}).", exception),
        { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } =>
            new(StorageFault.AccessDenied, $"The bucket's server refuses access ({exception.ErrorCode}).", exception),
        { StatusCode: HttpStatusCode.NotFound } => new(StorageFault.Missing, "An image is not in the bucket.", exception),
        _ => new(StorageFault.Unreachable, $"The bucket's server answered {(int)exception.StatusCode} ({exception.ErrorCode}).", exception),
    };
}
