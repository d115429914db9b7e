using Microsoft.AspNetCore.Http;

namespace ImageEditor.ServiceDefaults.Http;

/// <summary>Tells responses that were sent whole from those that were cut off.</summary>
public static class Delivery
{
    /// <summary>Whether the connection has taken all that was written to a response's body. What it has taken may still be lost.</summary>
    /// <remarks>The server does not throw when the caller is gone, and its token may come a little later.</remarks>
    /// <exception cref="OperationCanceledException">The caller is gone.</exception>
    public static async Task<bool> IsTakenWholeAsync(this HttpResponse response)
    {
        var caller = response.HttpContext.RequestAborted;
        return !(await response.BodyWriter.FlushAsync(caller)).IsCompleted && !caller.IsCancellationRequested;
    }
}
