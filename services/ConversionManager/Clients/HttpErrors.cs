using System.Net;
using ImageEditor.ServiceDefaults.Http;

namespace ImageEditor.ConversionManager.Clients;

/// <summary>What a call that failed says about the service that was called.</summary>
internal static class HttpErrors
{
    /// <summary>Whether another try may succeed: the service could not be reached, broke off or took too long.</summary>
    public static bool IsTransient(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or IOException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    /// <summary>Whether a response would be the same at the next try.</summary>
    public static bool IsFinal(HttpStatusCode status) =>
        (int)status is >= 400 and < 500 && status is not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests);

    /// <summary>Whether the service as a whole is down: the request is not to blame.</summary>
    public static bool IsUnreachable(Exception exception) =>
        exception is ServiceDownException
            or HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError };
}
