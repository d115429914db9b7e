namespace ImageEditor.Tests.Storage.Servers;

/// <summary>The image storages.</summary>
public enum StorageKind
{
    FileSystem,
    S3,
}
