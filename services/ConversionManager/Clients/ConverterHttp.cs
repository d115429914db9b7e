using ImageEditor.ServiceDefaults.Http;

namespace ImageEditor.ConversionManager.Clients;

/// <summary>What all calls to converters have in common.</summary>
internal static class ConverterHttp
{
    /// <summary>The name of the HTTP client.</summary>
    public const string ClientName = "converters";

    /// <summary>Whether a call failed because the service as a whole is down: the request is not to blame.</summary>
    public static bool IsUnreachable(Exception exception) =>
        exception is ServiceDownException
            or HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError };
}
