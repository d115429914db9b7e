using System.Net.Http.Headers;
using ImageEditor.ConversionManager.Clients;
using ImageEditor.ConversionManager.ImageInspection;
using ImageEditor.ServiceDefaults.Configuration;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Saves;

/// <summary>Calls the storage manager, the owner of the galleries.</summary>
internal sealed class StorageManagerClient(
    IHttpClientFactory clients, IOptions<SaveOptions> options, IOptions<PictureOptions> pictures, TimeProvider time)
{
    /// <summary>The name of the HTTP client.</summary>
    public const string ServiceName = "storage-manager";

    private static readonly Uri HealthPath = new("/health", UriKind.Relative);
    private static readonly TimeSpan ReadinessCheckInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReadinessCheckTimeout = TimeSpan.FromSeconds(3);

    private volatile bool _isReachable = true;

    /// <summary>Whether the storage manager answered, when it was last called.</summary>
    public bool IsReachable => _isReachable;

    /// <summary>Saves a picture. Saving it again changes nothing.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<SaveReport> SaveAsync(
        SaveClaim claim,
        ImageFile original,
        ImageFile converted,
        ImageFile? thumbnail,
        ImageFile? display,
        CancellationToken cancellationToken)
    {
        var report = await TrySaveAsync(claim, original, converted, thumbnail, display, cancellationToken);

        // A replica of the release before does not know the copy to display, and a picture must not be lost for it.
        return report.Status == StatusCodes.Status400BadRequest && display is not null
            ? await TrySaveAsync(claim, original, converted, thumbnail, display: null, cancellationToken)
            : report;
    }

    private async Task<SaveReport> TrySaveAsync(
        SaveClaim claim,
        ImageFile original,
        ImageFile converted,
        ImageFile? thumbnail,
        ImageFile? display,
        CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(options.Value.UploadTimeout + pictures.Value.TransferTime);
        try
        {
            using var client = clients.CreateClient(ServiceName);
            using var form = CreateForm(claim, original, converted, thumbnail, display);
            var path = $"/pictures/{Uri.EscapeDataString(claim.Owner)}/{claim.JobId}";
            using var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = form };
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            var report = await ReadReportAsync(response, timeout.Token);
            _isReachable = true;
            return report;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            _isReachable = false;
            return SaveReport.Retry("The storage manager could not be reached.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _isReachable = false;
            return SaveReport.Retry("The storage manager took too long.");
        }
    }

    /// <summary>Waits until the storage manager says that it is ready.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        while (!await IsReadyAsync(cancellationToken))
        {
            await Task.Delay(ReadinessCheckInterval, time, cancellationToken);
        }

        _isReachable = true;
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(ReadinessCheckTimeout);
        try
        {
            using var client = clients.CreateClient(ServiceName);
            using var response = await client.GetAsync(HealthPath, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            return response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (HttpErrors.IsTransient(exception, cancellationToken))
        {
            return false;
        }
    }

    private static MultipartFormDataContent CreateForm(
        SaveClaim claim, ImageFile original, ImageFile converted, ImageFile? thumbnail, ImageFile? display)
    {
        var form = new MultipartFormDataContent
        {
            {
                JsonContent.Create(new
                {
                    claim.CreatedAt,
                    claim.Name,
                    claim.Converter,
                    claim.Parameters,
                    claim.Recipe,
                    Original = Size(original),
                    Converted = Size(converted),
                    Thumbnail = thumbnail is null ? null : Size(thumbnail),
                    Display = display is null ? null : Size(display),
                }),
                "metadata"
            },
        };
        Add(form, "original", original);
        Add(form, "converted", converted);
        if (thumbnail is not null)
        {
            Add(form, "thumbnail", thumbnail);
        }

        if (display is not null)
        {
            Add(form, "display", display);
        }

        return form;
    }

    private static object Size(ImageFile image) => new { image.Width, image.Height };

    private static void Add(MultipartFormDataContent form, string name, ImageFile image)
    {
        var part = new ReadOnlyMemoryContent(image.Bytes);
        part.Headers.ContentType = new MediaTypeHeaderValue(image.ContentType);
        form.Add(part, name, name);
    }

    private static async Task<SaveReport> ReadReportAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            return SaveReport.Saved;
        }

        var problem = await ProblemReader.ReadAsync(response, cancellationToken);
        var detail = problem?.Detail ?? $"The storage manager answered {(int)response.StatusCode} without a reason.";
        return HttpErrors.IsFinal(response.StatusCode)
            ? SaveReport.Refused((int)response.StatusCode, detail)
            : SaveReport.Retry(detail, (int)response.StatusCode, response.Headers.RetryAfter?.Delta);
    }
}
