using System.Globalization;
using ImageEditor.ServiceDefaults.Problems;

namespace ImageEditor.ConversionManager.Submissions;

/// <summary>The images that steps have as parameters, and what they are called in a request and in a job.</summary>
internal sealed class ImageParts
{
    private readonly List<Part> _parts;

    private ImageParts(IEnumerable<Part> parts) => _parts = [.. parts];

    /// <summary>None but the picture.</summary>
    public static ImageParts None { get; } = new([]);

    /// <summary>The parts of a request that names a converter: by the parameters' names.</summary>
    public static ImageParts OfConverter(SubmittedStep step) => new(PartsOf(step, "", 0));

    /// <summary>The parts of a request with a recipe: <c>0.style</c>, by step and parameter.</summary>
    public static ImageParts OfRecipe(IReadOnlyList<SubmittedStep> steps) =>
        new(steps.SelectMany((step, number) => PartsOf(step, PrefixOf(number), number)));

    /// <summary>Their names in the request.</summary>
    public IEnumerable<string> Names => _parts.Select(part => part.Name);

    /// <summary>The names of those that a request must have.</summary>
    public IEnumerable<string> Required => _parts.Where(part => part.IsRequired).Select(part => part.Name);

    /// <summary>Whether there is one of this name.</summary>
    public bool Contains(string name) => _parts.Any(part => part.Name == name);

    /// <summary>The image as it is called in the job.</summary>
    /// <param name="image">The image as it came.</param>
    /// <param name="isRecipe">Whether the job is stored with a recipe; else the only converter is sent the names as they are.</param>
    public NamedImage Named(NamedImage image, bool isRecipe) =>
        _parts.FirstOrDefault(part => part.Name == image.Name) is { } part
            ? image with { Name = isRecipe ? PrefixOf(part.Step) + part.Parameter : part.Parameter }
            : image;

    private static IEnumerable<Part> PartsOf(SubmittedStep step, string prefix, int number)
    {
        var schema = step.Converter.Info?.Schema
            ?? throw ProblemTypes.Unavailable.Refuse($"The converter '{step.Converter.Name}' is not known any more.");
        return schema.ImageParameters.Select(
            parameter => new Part(prefix + parameter, number, parameter, schema.RequiredImages.Contains(parameter)));
    }

    private static string PrefixOf(int step) => step.ToString(CultureInfo.InvariantCulture) + ".";

    private sealed record Part(string Name, int Step, string Parameter, bool IsRequired);
}
