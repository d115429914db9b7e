namespace ImageEditor.ConversionManager.Attempts;

/// <summary>How a conversion ended: with an image, with a failure, or without either because the lease was lost.</summary>
internal sealed record ConversionOutcome
{
    public static readonly ConversionOutcome LeaseLost = new();

    public ConvertedImage? Image { get; private init; }

    public JobFailure? Failure { get; private init; }

    public static ConversionOutcome Converted(ConvertedImage image) => new() { Image = image };

    public static ConversionOutcome Failed(JobFailure failure) => new() { Failure = failure };
}
