using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.JobManager.Jobs;

/// <summary>What is stored of a job when it is created, but for its input.</summary>
/// <param name="Id">Chosen by the caller, so that the call can be repeated.</param>
/// <param name="Converter">The converter's name.</param>
/// <param name="Parameters">The converter's parameters, a JSON object.</param>
/// <param name="ContentType">The input's media type.</param>
/// <param name="Owner">Who is signed in, if anybody.</param>
/// <param name="TraceParent">The trace that the job belongs to (W3C trace context), if any.</param>
/// <param name="TraceState">The trace's vendor state, if any.</param>
/// <param name="Party">Who shares queue and room with others: a user, or a network; letters and digits.</param>
/// <param name="Images">What the images in the input are, a JSON array; only whoever saves the job reads it.</param>
/// <param name="Yield">The most bytes that the result may have; null when that is not known.</param>
/// <param name="Recipe">The steps, a JSON array, where a claimer has to understand recipes; null where converter and parameters say
/// all.</param>
/// <param name="Name">What the picture is called, if anything.</param>
/// <param name="Steps">How many steps it has.</param>
internal sealed record NewJob(
    JobId Id, string Converter, string Parameters, string ContentType,
    string? Owner = null, string? Party = null, string? TraceParent = null, string? TraceState = null, string? Images = null,
    int? Yield = null, string? Recipe = null, string? Name = null, int Steps = 1);
