using ImageEditor.StorageManager.Pictures;

namespace ImageEditor.StorageManager.Gallery;

/// <summary>A page of an owner's pictures, newest first.</summary>
/// <param name="Pictures">The pictures.</param>
/// <param name="Next">Where the next page begins; null after the last page.</param>
internal sealed record PicturePage(IReadOnlyList<Picture> Pictures, PageCursor? Next);
