using ImageEditor.ConversionManager.Work;
using ImageEditor.ServiceDefaults.Http;

namespace ImageEditor.ConversionManager.Converters;

/// <summary>Asks each converter for its descriptor, again and again, to know what it offers and whether it is up.</summary>
internal sealed partial class ConverterMonitor(
    ConverterCatalog catalog,
    IHttpClientFactory clients,
    TimeProvider time,
    ILogger<ConverterMonitor> logger) : BackgroundService
{
    private const int MaxDescriptorBytes = 1 << 20;
    private static readonly TimeSpan WhileUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan WhileDown = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(catalog.All.Select(converter => WatchAsync(converter, stoppingToken)));

    private async Task WatchAsync(Converter converter, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var knowledge = await AskAsync(converter, stoppingToken);
                if (converter.MarkUp(knowledge))
                {
                    Log.ConverterUp(logger, converter.Name);
                }
            }
            catch (Exception exception) when (exception is FirstByteTimeoutException or OperationCanceledException && !stoppingToken.IsCancellationRequested)
            {
                // Slow is not down: one of its replicas may be frozen, or all have their hands full. Of one that is silent altogether the client tells.
                Log.ConverterSlow(logger, converter.Name);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                if (converter.MarkDown())
                {
                    Log.ConverterDown(logger, converter.Name, exception.Message);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(converter.IsUp ? WhileUp : WhileDown, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<ConverterKnowledge> AskAsync(Converter converter, CancellationToken stoppingToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        timeout.CancelAfter(AnswerWithin);
        using var client = clients.CreateClient(ConverterClient.HttpClientName);
        client.MaxResponseContentBufferSize = MaxDescriptorBytes;
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(converter.Address, "descriptor")).WithFirstByteTimeout(FirstByteTimeout.Quick);
        using var response = await client.SendAsync(request, timeout.Token);
        var descriptor = await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<ConverterDescriptor>(timeout.Token)
            ?? throw new InvalidDataException("The descriptor is empty.");
        if (descriptor.Name != converter.Name)
        {
            throw new InvalidDataException($"The descriptor at {converter.Address} is of '{descriptor.Name}'.");
        }

        return new ConverterKnowledge(descriptor, await ParameterSchema.ParseAsync(descriptor.Parameters.GetRawText(), timeout.Token));
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Converter {Converter} is up", EventName = "ConverterUp")]
        public static partial void ConverterUp(ILogger logger, string converter);

        [LoggerMessage(LogLevel.Information, "Converter {Converter} did not describe itself in time", EventName = "ConverterSlow")]
        public static partial void ConverterSlow(ILogger logger, string converter);

        [LoggerMessage(LogLevel.Warning, "Converter {Converter} is down: {Reason}", EventName = "ConverterDown")]
        public static partial void ConverterDown(ILogger logger, string converter, string reason);
    }
}
