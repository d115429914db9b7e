namespace ImageEditor.StorageManager.ImageStorage;

/// <summary>What can be wrong with image storage.</summary>
internal enum StorageFault
{
    /// <summary>No answer, or none that makes sense, or not in time.</summary>
    Unreachable,

    /// <summary>No room left.</summary>
    Full,

    /// <summary>This service may not, or its keys are wrong.</summary>
    AccessDenied,

    /// <summary>An image that was saved is not there, or not whole.</summary>
    Missing,
}
