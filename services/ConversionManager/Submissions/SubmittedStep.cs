using System.Text.Json;
using System.Text.Json.Nodes;
using ImageEditor.ConversionManager.Converters;
using ImageEditor.ConversionManager.Jobs;

namespace ImageEditor.ConversionManager.Submissions;

/// <summary>A step that was asked for and found to be right.</summary>
/// <param name="Converter">Who is to do it.</param>
/// <param name="Parameters">Its parameters as they were given, sorted by name.</param>
/// <param name="AllParameters">The same with the defaults of those that were not given: equal for equal steps.</param>
internal sealed record SubmittedStep(Converter Converter, JsonObject Parameters, JsonObject AllParameters)
{
    /// <summary>The step as it is stored with the job.</summary>
    public RecipeStep ToRecipeStep() => new(Converter.Name, JsonSerializer.SerializeToElement(Parameters));
}
