namespace ImageEditor.StorageManager.Pictures;

/// <summary>An image in image storage.</summary>
/// <param name="Type">Its media type.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Hash">SHA-256 of its bytes.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
internal sealed record StoredImage(string Type, long Bytes, byte[] Hash, int Width, int Height);
