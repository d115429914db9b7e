using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.Jobs;

namespace ImageEditor.ConversionManager.Attempts;

/// <summary>A call that a recipe takes.</summary>
/// <param name="Step">Which step it is, from 0; null where nobody asked for it.</param>
/// <param name="Work">What it does.</param>
internal sealed record RecipeStage(int? Step, RecipeStep Work)
{
    /// <summary>The steps, after one that nobody asked for where the picture is of a format that only it reads.</summary>
    /// <param name="steps">What was asked for.</param>
    /// <param name="pictureType">The picture's media type.</param>
    public static IReadOnlyList<RecipeStage> Plan(IReadOnlyList<RecipeStep> steps, string pictureType)
    {
        var asked = steps.Select((step, number) => new RecipeStage(number, step));
        return RecipeStep.ThatDecodes(pictureType) is { } decoding ? [new RecipeStage(null, decoding), .. asked] : [.. asked];
    }

    /// <summary>What its converter is asked for.</summary>
    /// <param name="converter">The converter.</param>
    /// <param name="isInner">Whether another step follows.</param>
    /// <param name="original">What the first step's input was, as a converter has told it; null where none has.</param>
    public QueryString QueryFor(Converter converter, bool isInner, string? original)
    {
        var query = Work.ToQuery();
        if (Step is null)
        {
            return query;
        }

        query = isInner ? query.Add("format", "lossless") : query;
        return original is not null && converter.Info?.Descriptor.Lossless is not null ? query.Add("as", original) : query;
    }
}
