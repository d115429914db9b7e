using System.Diagnostics.Metrics;

namespace ImageEditor.StorageManager.Gallery;

/// <summary>Counters of this replica.</summary>
internal sealed class GalleryMetrics
{
    public const string MeterName = "ImageEditor.StorageManager";

    private readonly Counter<long> _saved;
    private readonly Counter<long> _savedBytes;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _deleted;
    private readonly Counter<long> _purged;
    private readonly Counter<long> _swept;
    private readonly Counter<long> _failures;

    public GalleryMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _saved = meter.CreateCounter<long>("image_editor.pictures.saved", "{picture}", "Pictures that were saved");
        _savedBytes = meter.CreateCounter<long>("image_editor.pictures.saved_bytes", "By", "Images of pictures that were saved");
        _refused = meter.CreateCounter<long>("image_editor.pictures.refused", "{picture}", "Saves of pictures that were deleted");
        _deleted = meter.CreateCounter<long>("image_editor.pictures.deleted", "{picture}", "Pictures that their owner deleted");
        _purged = meter.CreateCounter<long>("image_editor.pictures.purged", "{picture}", "Pictures put beyond restoring");
        _swept = meter.CreateCounter<long>(
            "image_editor.uploads.swept", "{upload}", "Uploads that no picture names, and whose images were removed");
        _failures = meter.CreateCounter<long>(
            "image_editor.storage.failures", "{failure}", "Calls that the database or image storage kept from being answered");
    }

    public void Saved(long bytes)
    {
        _saved.Add(1);
        _savedBytes.Add(bytes);
    }

    public void Refused() => _refused.Add(1);

    public void Deleted(int pictures) => _deleted.Add(pictures);

    public void Purged(int pictures) => _purged.Add(pictures);

    public void Swept() => _swept.Add(1);

    /// <summary>Counts a failure.</summary>
    /// <param name="cause"><c>metadata</c>, or image storage's fault.</param>
    public void Failed(string cause) => _failures.Add(1, KeyValuePair.Create<string, object?>("of", cause));
}
