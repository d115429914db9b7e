using System.Text.Json.Nodes;
using ImageEditor.ConversionManager.Converters;

namespace ImageEditor.ConversionManager.Submissions;

/// <summary>A conversion that was asked for and found to be right.</summary>
/// <param name="Converter">Who is to do it.</param>
/// <param name="Parameters">Its parameters, sorted by name.</param>
/// <param name="Input">What the converter is to be sent: the image, or a form with several.</param>
/// <param name="ContentType">The input's media type, found from its content.</param>
internal sealed record Submission(Converter Converter, JsonObject Parameters, ReadOnlyMemory<byte> Input, string ContentType);
