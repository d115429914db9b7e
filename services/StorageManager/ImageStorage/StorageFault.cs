namespace ImageEditor.StorageManager.ImageStorage;

/// <summary>How image storage can fail.</summary>
internal enum StorageFault
{
    /// <summary>There is no response, no valid one, or none in time.</summary>
    Unreachable,

    /// <summary>There is no space left.</summary>
    Full,

    /// <summary>This service has no permission, or its keys are wrong.</summary>
    AccessDenied,

    /// <summary>An image that was saved is not there, or is not complete.</summary>
    Missing,
}
