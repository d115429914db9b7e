using ImageEditor.Converters.Descriptors;
using NetVips;

namespace ImageEditor.Converters.Pipeline;

/// <summary>One converter of a program.</summary>
/// <param name="Descriptor">What it is called and which parameters it has.</param>
/// <param name="Convert">
/// Makes the result from <see cref="Conversion.Image"/>. It runs on a thread of its own, several at once; libvips computes the pixels
/// later, while the result is encoded. May throw a <see cref="ServiceDefaults.Problems.ProblemException"/>.
/// </param>
public sealed record ServedConverter(ConverterDescriptor Descriptor, Func<Conversion, Image> Convert)
{
    /// <summary>What its routes begin with: nothing where it is the only one of its program.</summary>
    internal string Path { get; init; } = "";
}
