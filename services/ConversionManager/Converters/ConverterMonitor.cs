using ImageEditor.ConversionManager.Work;

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
            catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
            {
                // Slow is not down: one of its replicas may be frozen, or all have their hands full. Of one that is silent altogether the client tells.
                Log.ConverterSlow(logger, converter.Name, AnswerWithin);
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
        var descriptor = await client.GetFromJsonAsync<ConverterDescriptor>(new Uri(converter.Address, "descriptor"), timeout.Token)
            ?? throw new InvalidDataException("The descriptor is empty.");
        if (descriptor.Name != converter.Name)
        {
            throw new InvalidDataException($"The descriptor at {converter.Address} is of '{descriptor.Name}'.");
        }

        return new ConverterKnowledge(descriptor, await ParameterSchema.ParseAsync(descriptor.Parameters.GetRawText(), timeout.Token));
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Converter {Converter} is up")]
        public static partial void ConverterUp(ILogger logger, string converter);

        [LoggerMessage(Level = LogLevel.Information, Message = "Converter {Converter} did not describe itself within {Time}")]
        public static partial void ConverterSlow(ILogger logger, string converter, TimeSpan time);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Converter {Converter} is down: {Reason}")]
        public static partial void ConverterDown(ILogger logger, string converter, string reason);
    }
}
