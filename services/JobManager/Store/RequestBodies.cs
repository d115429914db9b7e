using System.Buffers;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace ImageEditor.JobManager.Store;

/// <summary>Reads bodies into memory, no more of them at a time than this process may hold.</summary>
/// <remarks>
/// Endpoints that use it turn the server's own limit off (<see cref="Unlimited"/>). With the limit, the server would close the connection
/// of a caller whose body it may not read to the end, and the caller's next request on it would fail. Without it, the server reads a
/// refused body for 5 s at most, and keeps none of it.
/// </remarks>
internal sealed class RequestBodies : IDisposable
{
    private const int BytesPerPermit = 64 << 10;
    private const int MaxWaiting = 1_000;

    private readonly ConcurrencyLimiter _memoryBudget;

    /// <summary>Metadata of endpoints that read their bodies here.</summary>
    public static DisableRequestSizeLimitAttribute Unlimited { get; } = new();

    public RequestBodies(IOptions<JobStoreOptions> options)
    {
        var permitCount = (int)Math.Min(int.MaxValue, options.Value.BufferBytes / BytesPerPermit);
        _memoryBudget = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = permitCount,
            QueueLimit = Math.Max(permitCount, MaxWaiting * 16),
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
    }

    /// <summary>Reads a body to its end.</summary>
    /// <param name="request">The request.</param>
    /// <param name="limit">The most that is accepted, in bytes.</param>
    /// <exception cref="BadHttpRequestException">It is longer than the limit, empty, or was cut off.</exception>
    /// <exception cref="StoreUnavailableException">Too many bodies wait to be read.</exception>
    public async Task<RequestBody> ReadAsync(HttpRequest request, int limit)
    {
        if (request.ContentLength > limit)
        {
            throw TooLarge(limit);
        }

        var capacity = (int)(request.ContentLength ?? limit);
        var permits = await _memoryBudget.AcquireAsync(
            (capacity + BytesPerPermit - 1) / BytesPerPermit, request.HttpContext.RequestAborted);
        if (!permits.IsAcquired)
        {
            throw new StoreUnavailableException("Too many images are on their way to the job store.");
        }

        try
        {
            return await ReadAsync(request, capacity, permits);
        }
        catch
        {
            permits.Dispose();
            throw;
        }
    }

    public void Dispose() => _memoryBudget.Dispose();

    private static async Task<RequestBody> ReadAsync(HttpRequest request, int limit, RateLimitLease permits)
    {
        // Without a length it starts small and grows.
        var buffer = ArrayPool<byte>.Shared.Rent(request.ContentLength is null ? Math.Min(BytesPerPermit, limit) : Math.Max(1, limit));
        var length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(2L * buffer.Length, limit + 1L));
                buffer.CopyTo(larger, 0);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }

            var read = await request.Body.ReadAsync(buffer.AsMemory(length), request.HttpContext.RequestAborted);
            length += read;
            if (length > limit)
            {
                throw TooLarge(limit);
            }

            if (read == 0)
            {
                return length > 0
                    ? new RequestBody(buffer, length, permits)
                    : throw new BadHttpRequestException("The body is empty; send the image as the request's body.");
            }
        }
    }

    private static BadHttpRequestException TooLarge(int limit) =>
        new($"The body has more than {limit} bytes.", StatusCodes.Status413PayloadTooLarge);
}
