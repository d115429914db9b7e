using System.Net;
using System.Net.Http.Headers;
using ImageEditor.ConversionManager.Clients;
using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.ImageInspection;
using ImageEditor.ConversionManager.Jobs;
using ImageEditor.ConversionManager.Streams;
using ImageEditor.ServiceDefaults.Contracts;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Saves;

/// <summary>Asks internal converters for the small copies that a picture in the gallery has.</summary>
internal sealed class GalleryCopyClient(ConverterCatalog catalog, IHttpClientFactory clients, IOptions<SaveOptions> options)
{
    /// <summary>As many as the storage manager takes (<c>Gallery:MaxThumbnailBytes</c>): it would refuse the whole save.</summary>
    private const int MaxThumbnailBytes = 1 << 20;

    /// <summary>As many as the storage manager takes (<c>Gallery:MaxDisplayBytes</c>); no copy needs as many.</summary>
    private const int MaxDisplayBytes = 32 << 20;

    /// <summary>Of what a copy is made of: a PNG of 2,048 pixels a side has up to 32 MB before it is compressed.</summary>
    private const int MaxDecodedBytes = 64 << 20;

    /// <summary>After so many failures, other than of a converter that is down or busy, a picture is saved without a copy.</summary>
    private const int MaxErrors = 3;

    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(60);

    /// <summary>How many bytes the small copies of a picture may take while they are made, beside the picture itself.</summary>
    /// <param name="originalType">The original's media type.</param>
    public static long MaxBytesFor(string originalType) =>
        MaxThumbnailBytes
        + (ImageTypes.ShowInBrowsers(originalType) ? 0 : MaxDisplayBytes)
        + (SmallCopy.StepsToDisplay(originalType).Count > 1 ? MaxDecodedBytes : 0);

    /// <summary>A thumbnail of the result.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<GalleryCopy> CreateThumbnailAsync(SaveClaim claim, ImageFile result, CancellationToken cancellationToken) =>
        ConvertAsync(claim, SmallCopy.Thumbnail, result, MaxThumbnailBytes, cancellationToken);

    /// <summary>A copy of the original that browsers show; none where they show the original.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<GalleryCopy> CreateDisplayAsync(SaveClaim claim, ImageFile original, CancellationToken cancellationToken)
    {
        if (ImageTypes.ShowInBrowsers(original.ContentType))
        {
            return GalleryCopy.None;
        }

        var copy = new GalleryCopy(original);
        foreach (var step in SmallCopy.StepsToDisplay(original.ContentType))
        {
            if (copy.Image is { } image)
            {
                var maxBytes = step == SmallCopy.Display ? MaxDisplayBytes : MaxDecodedBytes;
                copy = await ConvertAsync(claim, step, image, maxBytes, cancellationToken);
            }
        }

        return copy;
    }

    private async Task<GalleryCopy> ConvertAsync(
        SaveClaim claim, RecipeStep step, ImageFile image, int maxBytes, CancellationToken cancellationToken)
    {
        if (catalog.Find(step.Converter) is not { } converter)
        {
            return GalleryCopy.None;
        }

        var whileUp = converter.WhileUp;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(ResponseTimeout);
        try
        {
            using var client = clients.CreateClient(ConverterCatalog.HttpClientName);
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(converter.Address, "convert" + step.ToQuery()))
            {
                Content = new ReadOnlyMemoryContent(image.Bytes),
            };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(image.ContentType);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            switch (response.StatusCode)
            {
                case HttpStatusCode.OK:
                    var bytes = await LimitedBodyReader.ReadAsync(response.Content, maxBytes, timeout.Token);
                    return bytes is { } file && ImageInspector.InspectComplete(file.Span) is { IsAccepted: true, Info: var info }
                        ? new GalleryCopy(ImageFile.Create(file, info))
                        : Failed(claim, converter, "it made something that is no small image");
                case HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnsupportedMediaType
                    or HttpStatusCode.UnprocessableEntity or HttpStatusCode.GatewayTimeout:
                    return GalleryCopy.None;
                case HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout:
                    return Unavailable(claim, converter, "it is busy", response.Headers.RetryAfter?.Delta);
                default:
                    return Failed(claim, converter, $"it answered {(int)response.StatusCode}");
            }
        }
        catch (HttpRequestException exception) when (HttpErrors.IsUnreachable(exception))
        {
            return Unavailable(claim, converter, "it is down", retryAfter: null);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return Failed(claim, converter, "it broke off");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return whileUp.IsCancellationRequested
                ? Unavailable(claim, converter, "it is down", retryAfter: null)
                : Failed(claim, converter, "it took too long");
        }
    }

    private GalleryCopy Unavailable(SaveClaim claim, Converter converter, string why, TimeSpan? retryAfter) =>
        claim.WaitedSeconds < options.Value.MaxThumbnailDelay.TotalSeconds
            ? GalleryCopy.Later(converter, why, retryAfter)
            : GalleryCopy.None;

    /// <summary>A picture that crashes a converter would never be saved if it had to have its copies.</summary>
    private static GalleryCopy Failed(SaveClaim claim, Converter converter, string why) =>
        claim.Attempt < MaxErrors ? GalleryCopy.Later(converter, why) : GalleryCopy.None;
}
