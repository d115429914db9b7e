using ImageEditor.JobManager.Jobs;

namespace ImageEditor.JobManager.Attempts;

/// <summary>Asks for a job.</summary>
/// <param name="Token">Chosen by the caller; while the lease that it got is held, the same token gets the same claim.</param>
/// <param name="Converter">The converter: what one of the release before says, which claims for each converter by itself.</param>
/// <param name="WaitSeconds">How long to wait for a job, from 0 to 30.</param>
/// <param name="Recipes">Whether the claimer understands recipes; one of the release before does not say so, and is given none.</param>
/// <param name="Converters">The converters of which it takes a job, in its place.</param>
internal sealed record ClaimRequest(
    string Token, string? Converter = null, double WaitSeconds = 0, bool Recipes = false, IReadOnlyList<string>? Converters = null)
{
    /// <summary>The converters that it names, each once; null where it names none, too many, or what is no name.</summary>
    public IReadOnlyList<string>? Named() =>
        (Converters ?? (Converter is null ? [] : [Converter])) is var named && Claimer.AreValid(named)
            ? [.. named.Distinct(StringComparer.Ordinal)]
            : null;
}
