using ImageEditor.ServiceDefaults.Contracts;
using Microsoft.Extensions.Options;

namespace ImageEditor.Gateway.Limits;

/// <summary>Lets so many submissions of one address wait for their results. From the next one on they are answered 202, without a
/// wait.</summary>
/// <remarks>A partitioned limiter of .NET would do the same, and wake ten times a second to look for partitions that are no longer used.</remarks>
internal sealed class WaiterLimit(IOptions<LimitsOptions> limits)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _waiters = [];

    /// <summary>Passes a request on, and takes its wish to wait off where too many of its address have one already.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Request.Headers;
        if (!headers.ContainsKey(ServiceHeaders.Prefer) || !RequestLimits.IsSubmission(context))
        {
            await next(context);
            return;
        }

        var address = RequestLimits.Address(context);
        if (!TryEnter(address))
        {
            headers.Remove(ServiceHeaders.Prefer);
            await next(context);
            return;
        }

        try
        {
            await next(context);
        }
        finally
        {
            Leave(address);
        }
    }

    private bool TryEnter(string address)
    {
        lock (_lock)
        {
            var waiters = _waiters.GetValueOrDefault(address);
            if (waiters >= limits.Value.MaxWaiters)
            {
                return false;
            }

            _waiters[address] = waiters + 1;
            return true;
        }
    }

    private void Leave(string address)
    {
        lock (_lock)
        {
            if (_waiters[address] == 1)
            {
                _waiters.Remove(address);
            }
            else
            {
                _waiters[address]--;
            }
        }
    }
}
