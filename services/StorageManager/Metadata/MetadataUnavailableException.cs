namespace ImageEditor.StorageManager.Metadata;

/// <summary>The database cannot be reached, or did not answer in time. What was asked for may have happened.</summary>
internal sealed class MetadataUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
