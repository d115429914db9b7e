namespace ImageEditor.JobManager.Store;

/// <summary>Bytes in the store.</summary>
/// <param name="Blob">Where they are.</param>
/// <param name="ContentType">Their media type.</param>
/// <param name="Length">How many they are.</param>
internal sealed record StoredImage(string Blob, string ContentType, long Length);
