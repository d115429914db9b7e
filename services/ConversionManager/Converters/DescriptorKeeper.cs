using System.Text.Json;
using ImageEditor.ConversionManager.Clients;

namespace ImageEditor.ConversionManager.Converters;

/// <summary>
/// Takes over the descriptors that were kept of converters that this process has not met, and keeps those that it meets: a converter
/// without any process takes jobs by its last one.
/// </summary>
internal sealed partial class DescriptorKeeper(
    ConverterCatalog catalog, DescriptorClient client, TimeProvider time, ILogger<DescriptorKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, ConverterInfo> _kept = [];
    private bool _isAway;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!await TryAsync(() => TakeOverAsync(stoppingToken), stoppingToken))
            {
                await Task.Delay(Interval, time, stoppingToken);
            }

            using var timer = new PeriodicTimer(Interval, time);
            do
            {
                await TryAsync(() => KeepAsync(stoppingToken), stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is not kept yet, another process keeps, or this one after its restart.
        }
    }

    private async Task TakeOverAsync(CancellationToken cancellationToken)
    {
        foreach (var (name, json) in await client.ReadAsync(cancellationToken))
        {
            if (catalog.Find(name) is { Info: null } converter)
            {
                try
                {
                    converter.Remember(await ConverterInfo.ParseAsync(json.GetRawText(), cancellationToken));
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    // The converter's next process brings another one.
                    Log.NotTakenOver(logger, name, exception.Message);
                }
            }
        }
    }

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        foreach (var converter in catalog.All)
        {
            // It is the same object while the converter answers the same.
            if (converter.IsUp && converter.Info is { } info && !ReferenceEquals(_kept.GetValueOrDefault(converter.Name), info))
            {
                if (!await client.TryKeepAsync(info.Descriptor, cancellationToken))
                {
                    // It would be refused again. Others are kept all the same.
                    Log.NotKept(logger, converter.Name);
                }

                _kept[converter.Name] = info;
            }
        }
    }

    /// <returns>False when the job manager does not answer as it should; that is logged once.</returns>
    private async Task<bool> TryAsync(Func<Task> call, CancellationToken cancellationToken)
    {
        try
        {
            await call();
            _isAway = false;
            return true;
        }
        catch (Exception exception) when (exception is JsonException || HttpErrors.IsTransient(exception, cancellationToken))
        {
            if (!_isAway)
            {
                Log.Away(logger, exception.Message);
            }

            _isAway = true;
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning, "Converters' descriptors are neither read nor kept at the moment: {Reason}", EventName = "DescriptorsAway")]
        public static partial void Away(ILogger logger, string reason);

        [LoggerMessage(
            LogLevel.Warning,
            "The job manager refuses the descriptor of {Converter}: while it has no process, its jobs are refused, too",
            EventName = "DescriptorNotKept")]
        public static partial void NotKept(ILogger logger, string converter);

        [LoggerMessage(
            LogLevel.Warning, "The descriptor that was kept of {Converter} cannot be used: {Reason}", EventName = "DescriptorNotTakenOver")]
        public static partial void NotTakenOver(ILogger logger, string converter, string reason);
    }
}
