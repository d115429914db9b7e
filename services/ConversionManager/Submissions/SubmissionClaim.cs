namespace ImageEditor.ConversionManager.Submissions;

/// <summary>Claims a job as it is submitted, for a slot that is free.</summary>
/// <param name="Token">A new one for each job.</param>
/// <param name="Converters">The converters whose jobs the slot could run now: one that waits would come first.</param>
/// <param name="Recipes">Whether it could run jobs of several steps.</param>
internal sealed record SubmissionClaim(string Token, IReadOnlyList<string> Converters, bool Recipes);
