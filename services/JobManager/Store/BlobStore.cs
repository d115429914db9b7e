using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using ImageEditor.ServiceDefaults.Contracts;
using Microsoft.Extensions.Options;

namespace ImageEditor.JobManager.Store;

/// <summary>Images in the store, each in a key of its own. An upload expires unless a script makes it part of a job.</summary>
internal sealed class BlobStore(StoreConnection store, IOptions<JobStoreOptions> options)
{
    /// <summary>An image of at most so many bytes is read at once into pooled memory: most are smaller, and each piece is a round
    /// trip.</summary>
    private const int SingleReadBytes = 512 << 10;

    /// <summary>Small enough to stay off the large object heap: reading any image leaves only short-lived garbage.</summary>
    private const int ChunkBytes = 80_000;

    private const int RandomBytes = 12;

    /// <summary>Writes an input.</summary>
    /// <param name="id">The job.</param>
    /// <param name="party">Whose share of the room it counts for, if that is known.</param>
    /// <param name="bytes">The input.</param>
    public BlobUpload UploadInput(JobId id, string? party, ReadOnlyMemory<byte> bytes) =>
        Upload($"{id}:in:{(party is null ? "" : party + ".")}{Random()}", bytes, options.Value.UploadTtl);

    /// <summary>Writes a result.</summary>
    public BlobUpload UploadResult(JobId id, ReadOnlyMemory<byte> bytes) =>
        Upload($"{id}:out:{Random()}", bytes, options.Value.UploadTtl);

    /// <summary>Writes a preview, which expires.</summary>
    public BlobUpload UploadPreview(JobId id, ReadOnlyMemory<byte> bytes) =>
        Upload($"{id}:preview:{Random()}", bytes, options.Value.PreviewTtl);

    /// <summary>Deletes an upload that became part of no job. It would expire anyway, so a store that fails now changes nothing.</summary>
    public async Task DiscardAsync(string blob)
    {
        try
        {
            await store.RunAsync(database => database.KeyDeleteAsync(StoreKeys.Blob(blob)));
        }
        catch (StoreUnavailableException)
        {
            // It expires.
        }
    }

    /// <summary>Reads an image: a small one whole, a large one piece by piece, one piece ahead of the caller.</summary>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    /// <exception cref="EndOfStreamException">The image is not there any more.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        StoredImage image, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (image.Length <= SingleReadBytes)
        {
            using var lease = await store.RunAsync(database => database.StringGetLeaseAsync(StoreKeys.Blob(image.Blob)));
            yield return lease?.Length == image.Length ? lease.Memory : throw Missing();
            yield break;
        }

        var next = ReadAsync(image, 0);
        for (long offset = 0; offset < image.Length; offset += ChunkBytes)
        {
            var chunk = await next.WaitAsync(cancellationToken);
            next = offset + ChunkBytes < image.Length ? ReadAsync(image, offset + ChunkBytes) : next;
            if (chunk.Length != Math.Min(ChunkBytes, image.Length - offset))
            {
                throw Missing();
            }

            yield return chunk;
        }
    }

    private static EndOfStreamException Missing() => new("The image was taken out of the store while it was being read.");

    private Task<ReadOnlyMemory<byte>> ReadAsync(StoredImage image, long offset) => store.RunAsync<ReadOnlyMemory<byte>>(
        async database => (byte[]?)await database.StringGetRangeAsync(StoreKeys.Blob(image.Blob), offset, offset + ChunkBytes - 1));

    private BlobUpload Upload(string name, ReadOnlyMemory<byte> bytes, TimeSpan ttl) =>
        new(name, store.RunAsync(database => database.StringSetAsync(StoreKeys.Blob(name), bytes, ttl)));

    private static string Random() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes));
}
