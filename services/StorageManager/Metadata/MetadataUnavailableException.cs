namespace ImageEditor.StorageManager.Metadata;

/// <summary>The database cannot be reached, or did not answer in time. The statement may have been executed all the same.</summary>
internal sealed class MetadataUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
