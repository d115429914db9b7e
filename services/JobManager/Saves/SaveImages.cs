using ImageEditor.JobManager.Store;

namespace ImageEditor.JobManager.Saves;

/// <summary>What a save copies into the gallery.</summary>
/// <param name="Original">The job's input.</param>
/// <param name="Result">The job's result.</param>
internal sealed record SaveImages(StoredImage Original, StoredImage Result);
