using System.Net;
using System.Net.Http.Headers;
using ImageEditor.ConversionManager.Clients;
using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.ImageInspection;
using ImageEditor.ConversionManager.Streams;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Saves;

/// <summary>Asks the internal converter <c>thumbnail</c> for thumbnails.</summary>
internal sealed class ThumbnailClient(ConverterCatalog catalog, IHttpClientFactory clients, IOptions<SaveOptions> options)
{
    private const string ConverterName = "thumbnail";

    /// <summary>As many as the storage manager takes (<c>Gallery:MaxThumbnailBytes</c>): it would refuse the whole save.</summary>
    private const int MaxThumbnailBytes = 1 << 20;

    /// <summary>After so many failures, other than of a converter that is down or busy, a picture is saved without a thumbnail.</summary>
    private const int MaxErrors = 3;

    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(60);

    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<ThumbnailResult> CreateThumbnailAsync(SaveClaim claim, ImageFile image, CancellationToken cancellationToken)
    {
        if (catalog.Find(ConverterName) is not { } converter)
        {
            return ThumbnailResult.None;
        }

        var whileUp = converter.WhileUp;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(ResponseTimeout);
        try
        {
            using var client = clients.CreateClient(ConverterCatalog.HttpClientName);
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(converter.Address, "convert"))
            {
                Content = new ReadOnlyMemoryContent(image.Bytes),
            };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(image.ContentType);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            switch (response.StatusCode)
            {
                case HttpStatusCode.OK:
                    var bytes = await LimitedBodyReader.ReadAsync(response.Content, MaxThumbnailBytes, timeout.Token);
                    return bytes is { } file && ImageInspector.InspectComplete(file.Span) is { IsAccepted: true, Info: var info }
                        ? new ThumbnailResult(ImageFile.Create(file, info))
                        : Failed(claim, "it made something that is no small image");
                case HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnsupportedMediaType
                    or HttpStatusCode.UnprocessableEntity or HttpStatusCode.GatewayTimeout:
                    return ThumbnailResult.None;
                case HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout:
                    return Unavailable(claim, "it is busy", response.Headers.RetryAfter?.Delta);
                default:
                    return Failed(claim, $"it answered {(int)response.StatusCode}");
            }
        }
        catch (HttpRequestException exception) when (HttpErrors.IsUnreachable(exception))
        {
            return Unavailable(claim, "it is down", retryAfter: null);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return Failed(claim, "it broke off");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return whileUp.IsCancellationRequested ? Unavailable(claim, "it is down", retryAfter: null) : Failed(claim, "it took too long");
        }
    }

    private ThumbnailResult Unavailable(SaveClaim claim, string why, TimeSpan? retryAfter) =>
        claim.WaitedSeconds < options.Value.MaxThumbnailDelay.TotalSeconds
            ? ThumbnailResult.Later(why, retryAfter)
            : ThumbnailResult.None;

    /// <summary>A picture that crashes the converter would never be saved if it had to have a thumbnail.</summary>
    private static ThumbnailResult Failed(SaveClaim claim, string why) =>
        claim.Attempt < MaxErrors ? ThumbnailResult.Later(why) : ThumbnailResult.None;
}
