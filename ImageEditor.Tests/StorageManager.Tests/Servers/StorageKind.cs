namespace ImageEditor.StorageManager.Tests.Servers;

/// <summary>The image storages.</summary>
public enum StorageKind
{
    FileSystem,
    S3,
}
