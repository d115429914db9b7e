namespace ImageEditor.ConversionManager.Converters;

/// <summary>What is told of converters, whoever finds it out: a poll, or a call for a job.</summary>
internal static partial class ConverterLog
{
    [LoggerMessage(LogLevel.Information, "Converter {Converter} is up", EventName = "ConverterUp")]
    public static partial void ConverterUp(ILogger logger, string converter);

    [LoggerMessage(LogLevel.Information, "Converter {Converter} did not describe itself in time", EventName = "ConverterSlow")]
    public static partial void ConverterSlow(ILogger logger, string converter);

    [LoggerMessage(LogLevel.Warning, "Converter {Converter} is down: {Reason}", EventName = "ConverterDown")]
    public static partial void ConverterDown(ILogger logger, string converter, string reason);
}
