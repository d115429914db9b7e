namespace ImageEditor.ConversionManager.Attempts;

/// <summary>The result of a step that another one follows.</summary>
/// <param name="Picture">Its picture, without loss.</param>
/// <param name="MediaType">What that is.</param>
/// <param name="Original">
/// What the first step's input was, in the converters' own words, for the last step to make the same of its result; null where they do
/// not say.
/// </param>
/// <param name="ResultInfo">What the converter found, JSON, if it says so.</param>
internal sealed record StepResult(StepPicture Picture, string MediaType, string? Original, string? ResultInfo);
