using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text.Json;
using ImageEditor.ConversionManager.Streams;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace ImageEditor.ConversionManager.Saves;

/// <summary>Calls the storage manager, the owner of the galleries.</summary>
internal sealed class StorageManagerClient(IHttpClientFactory clients, IOptions<SaveOptions> options, TimeProvider time)
{
    /// <summary>The name of the HTTP client.</summary>
    public const string ServiceName = "storage-manager";

    private const int MaxProblemBytes = 64 << 10;
    private static readonly TimeSpan ReadinessCheckInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReadinessCheckTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Saves a picture. Saving it again changes nothing.</summary>
    /// <returns>What came of it, and whether anybody answered at all.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<(SaveReport Report, bool Reached)> SaveAsync(SaveClaim claim, GalleryUpload picture, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(options.Value.UploadTimeout);
        try
        {
            using var client = clients.CreateClient(ServiceName);
            using var form = Form(claim, picture);
            using var request = new HttpRequestMessage(HttpMethod.Put, $"/pictures/{Uri.EscapeDataString(claim.Owner)}/{claim.JobId}") { Content = form };
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            return (await ReportAsync(response, timeout.Token), true);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return (SaveReport.Retry("The storage manager could not be reached."), false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (SaveReport.Retry("The storage manager took too long."), false);
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
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(ReadinessCheckTimeout);
        try
        {
            using var client = clients.CreateClient(ServiceName);
            using var response = await client.GetAsync(new Uri("/health", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            return response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static MultipartFormDataContent Form(SaveClaim claim, GalleryUpload picture)
    {
        var form = new MultipartFormDataContent
        {
            {
                JsonContent.Create(new
                {
                    claim.CreatedAt,
                    claim.Converter,
                    claim.Parameters,
                    Original = Size(picture.Original),
                    Converted = Size(picture.Converted),
                    Thumbnail = picture.Thumbnail is { } thumbnail ? Size(thumbnail) : null,
                }),
                "metadata"
            },
        };
        Add(form, "original", picture.Original);
        Add(form, "converted", picture.Converted);
        if (picture.Thumbnail is not null)
        {
            Add(form, "thumbnail", picture.Thumbnail);
        }

        return form;
    }

    private static object Size(MeasuredImage image) => new { image.Info.Width, image.Info.Height };

    private static void Add(MultipartFormDataContent form, string name, MeasuredImage image)
    {
        var part = new ReadOnlyMemoryContent(image.Bytes);
        part.Headers.ContentType = new MediaTypeHeaderValue(image.Info.MediaType);
        form.Add(part, name, name);
    }

    private static async Task<SaveReport> ReportAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            return SaveReport.Saved;
        }

        var detail = await DetailAsync(response, cancellationToken);
        var final = (int)response.StatusCode is >= 400 and < 500 && response.StatusCode is not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests);
        return final
            ? SaveReport.Refused((int)response.StatusCode, detail)
            : SaveReport.Retry(detail, (int)response.StatusCode, response.Headers.RetryAfter?.Delta);
    }

    private static async Task<string> DetailAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType == MediaTypeNames.Application.ProblemJson
            && await LimitedBodyReader.ReadAsync(response.Content, MaxProblemBytes, cancellationToken) is { } body)
        {
            try
            {
                return JsonSerializer.Deserialize<ProblemDetails>(body.Span, JsonSerializerOptions.Web)?.Detail ?? NoReason(response);
            }
            catch (JsonException)
            {
                // A problem that cannot be read is as good as none: its status still counts.
            }
        }

        return NoReason(response);
    }

    private static string NoReason(HttpResponseMessage response) => $"The storage manager answered {(int)response.StatusCode} without a reason.";
}
