namespace ImageEditor.ConversionManager.Attempts;

/// <summary>
/// How a conversion ended: with an image, with a picture for the next step, with a failure, or without any because the lease was lost.
/// </summary>
internal sealed record ConversionOutcome
{
    public static readonly ConversionOutcome LeaseLost = new();

    public ConvertedImage? Image { get; private init; }

    public StepResult? Step { get; private init; }

    public JobFailure? Failure { get; private init; }

    /// <summary>Whether the converter had no slot free: another try may find one at once.</summary>
    public bool IsFull { get; private init; }

    public static ConversionOutcome Converted(ConvertedImage image) => new() { Image = image };

    public static ConversionOutcome OfStep(StepResult step) => new() { Step = step };

    public static ConversionOutcome Failed(JobFailure failure) => new() { Failure = failure };

    /// <param name="failure">What it is when no try finds a free slot.</param>
    public static ConversionOutcome Full(JobFailure failure) => new() { Failure = failure, IsFull = true };
}
