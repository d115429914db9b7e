using System.Threading.RateLimiting;
using ImageEditor.ServiceDefaults.Contracts;
using Microsoft.Extensions.Options;

namespace ImageEditor.Gateway.Limits;

/// <summary>Lets so many submissions of one address wait for their results. From the next one on they are answered 202, without a
/// wait.</summary>
internal sealed class WaiterLimit(IOptions<LimitsOptions> limits) : IDisposable
{
    private readonly PartitionedRateLimiter<HttpContext> _waiters = PartitionedRateLimiter.Create<HttpContext, string>(
        context => RateLimitPartition.GetConcurrencyLimiter(
            RequestLimits.Address(context), _ => new ConcurrencyLimiterOptions { PermitLimit = limits.Value.MaxWaiters }));

    /// <summary>Passes a request on, and takes its wish to wait off where too many of its address have one already.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Request.Headers;
        if (!headers.ContainsKey(ServiceHeaders.Prefer) || !RequestLimits.IsSubmission(context))
        {
            await next(context);
            return;
        }

        using var place = _waiters.AttemptAcquire(context);
        if (!place.IsAcquired)
        {
            headers.Remove(ServiceHeaders.Prefer);
        }

        await next(context);
    }

    public void Dispose() => _waiters.Dispose();
}
