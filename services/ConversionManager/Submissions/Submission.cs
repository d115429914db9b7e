using System.Text.Json.Nodes;
using ImageEditor.ConversionManager.Converters;

namespace ImageEditor.ConversionManager.Submissions;

/// <summary>A conversion that was asked for and found to be right.</summary>
/// <param name="Converter">Who is to do it.</param>
/// <param name="Parameters">Its parameters, sorted by name.</param>
/// <param name="Input">What it is to be sent.</param>
/// <param name="Yield">The most bytes that its result can have; null when that is not known.</param>
/// <param name="Name">What the picture is called, if anything; it makes no other job of a repeated request.</param>
internal sealed record Submission(Converter Converter, JsonObject Parameters, JobInput Input, int? Yield = null, string? Name = null);
