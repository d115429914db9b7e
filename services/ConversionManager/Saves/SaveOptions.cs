using System.ComponentModel.DataAnnotations;

namespace ImageEditor.ConversionManager.Saves;

/// <summary>How results of signed-in people are saved in the gallery; section <c>Saves</c> of the configuration.</summary>
internal sealed class SaveOptions
{
    public const string Section = "Saves";

    /// <summary>Where the storage manager is: its name in service discovery.</summary>
    [Required]
    public Uri Address { get; set; } = new("http://storage-manager");

    /// <summary>How many jobs this process saves at once; with 0 it leaves saving to others.</summary>
    [Range(0, 64)]
    public int Slots { get; set; } = 2;

    /// <summary>How many bytes of images this process keeps in memory at once in order to save them; further saves wait.</summary>
    [Range(1 << 20, int.MaxValue)]
    public int BufferBytes { get; set; } = 128 << 20;

    /// <summary>How long the storage manager may take for one picture, beside the time that its bytes may take.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:30:00")]
    public TimeSpan UploadTimeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>How long after a job's end its picture may wait for a converter of its small copies (<c>thumbnail</c>, <c>heic</c>) that is down or busy.</summary>
    /// <remarks>Then it is saved without them.</remarks>
    [Range(typeof(TimeSpan), "00:00:00", "23:00:00")]
    public TimeSpan MaxThumbnailDelay { get; set; } = TimeSpan.FromHours(12);
}
