using ImageEditor.ConversionManager.Converters;
using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.ConversionManager.Submissions;

/// <summary>A conversion that was asked for and found to be right.</summary>
/// <param name="Steps">What is to be done, in this order.</param>
/// <param name="Input">What the first converter is to be sent; in a recipe with the images of all steps.</param>
/// <param name="IsRecipe">Whether the job is stored with a recipe: not where it is one step that is sent its input as it is.</param>
/// <param name="Yield">The most bytes that its result can have; null when that is not known.</param>
/// <param name="Name">What the picture is called, if anything; it makes no other job of a repeated request.</param>
internal sealed record Submission(
    IReadOnlyList<SubmittedStep> Steps, JobInput Input, bool IsRecipe = false, int? Yield = null, string? Name = null)
{
    /// <summary>The first step's converter, in whose queue the job waits.</summary>
    public Converter Converter => Steps[0].Converter;

    /// <summary>What is done with the picture, in the name of the result's file.</summary>
    public string Change => Steps.Count == 1 ? Converter.Name : PictureName.Edited;
}
