using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.JobManager.Jobs;

/// <summary>Who has a slot free for a job that is being created, and what it would claim otherwise: what waits there comes first.</summary>
/// <param name="Token">With the same token a repeat gets the same attempt as long as it is leased.</param>
/// <param name="Converters">The converters of the slot's program; none where one of the release before does not say them.</param>
/// <param name="Recipes">Whether it takes jobs with recipes now.</param>
internal sealed record Claimer(string Token, IReadOnlyList<string> Converters, bool Recipes)
{
    /// <summary>So many converters can be named in a claim: far more than a program has.</summary>
    public const int MaxConverters = 64;

    /// <summary>The rule for them, in words for an error message.</summary>
    public static string Rule { get; } = $"1 to {MaxConverters} converters ({ConverterName.Rule})";

    /// <summary>Whether so many converters, of these names, can be named.</summary>
    public static bool AreValid(IReadOnlyList<string> converters) =>
        converters.Count is > 0 and <= MaxConverters && converters.All(ConverterName.IsValid);
}
