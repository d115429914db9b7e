using ImageEditor.ServiceDefaults.Http;

namespace ImageEditor.ConversionManager.Converters;

/// <summary>Asks each converter for its descriptor, again and again, to know what it offers and whether it is up.</summary>
internal sealed class ConverterMonitor(
    ConverterCatalog catalog,
    IHttpClientFactory clients,
    TimeProvider time,
    ILogger<ConverterMonitor> logger) : BackgroundService
{
    private const int MaxDescriptorBytes = 1 << 20;

    /// <summary>A converter that goes down in between is known to be down with the first job that is sent to it.</summary>
    private static readonly TimeSpan IntervalWhileUp = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan IntervalWhileDown = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(5);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(catalog.All.Select(converter => WatchAsync(converter, stoppingToken)));

    private async Task WatchAsync(Converter converter, CancellationToken stoppingToken)
    {
        var last = default((string Text, ConverterInfo Info)?);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // Parsed only when it has changed: as a rule it is the same as the last time.
                var text = await AskAsync(converter, stoppingToken);
                last = text == last?.Text ? last : (text, await ParseAsync(converter, text, stoppingToken));
                if (converter.MarkUp(last.Value.Info))
                {
                    ConverterLog.ConverterUp(logger, converter.Name);
                }
            }
            catch (Exception exception) when (
                exception is FirstByteTimeoutException or OperationCanceledException && !stoppingToken.IsCancellationRequested)
            {
                // Slow is not down: one replica may be frozen, or all are busy. If no replica answers at all, the HTTP client reports that.
                ConverterLog.ConverterSlow(logger, converter.Name);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                if (converter.MarkDown())
                {
                    ConverterLog.ConverterDown(logger, converter.Name, exception.Message);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }

            if (converter.IsUp)
            {
                // Until a call finds it down.
                using var either = CancellationTokenSource.CreateLinkedTokenSource(converter.WhileUp, stoppingToken);
                await Task.Delay(IntervalWhileUp, time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (!converter.IsUp)
            {
                await Task.Delay(IntervalWhileDown, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<string> AskAsync(Converter converter, CancellationToken stoppingToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        timeout.CancelAfter(ResponseTimeout);
        using var client = clients.CreateClient(ConverterCatalog.HttpClientName);
        client.MaxResponseContentBufferSize = MaxDescriptorBytes;
        var address = new Uri(converter.Address, "descriptor");
        using var request = new HttpRequestMessage(HttpMethod.Get, address).WithFirstByteTimeout(FirstByteTimeout.Quick);
        using var response = await client.SendAsync(request, timeout.Token);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(timeout.Token);
    }

    private static async Task<ConverterInfo> ParseAsync(Converter converter, string text, CancellationToken stoppingToken)
    {
        var info = await ConverterInfo.ParseAsync(text, stoppingToken);
        return info.Descriptor.Name == converter.Name
            ? info
            : throw new InvalidDataException($"The descriptor at {converter.Address} is of '{info.Descriptor.Name}'.");
    }
}
