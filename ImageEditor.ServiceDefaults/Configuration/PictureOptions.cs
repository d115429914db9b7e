using System.ComponentModel.DataAnnotations;

namespace ImageEditor.ServiceDefaults.Configuration;

/// <summary>
/// How large a picture may be that somebody hands in; section <c>Pictures</c> of the configuration, the same for every service.
/// </summary>
/// <remarks>Every other limit of what comes in is computed from it, so that what one service takes, the next takes too.</remarks>
public sealed class PictureOptions
{
    public const string Section = "Pictures";

    /// <summary>What services write around the pictures of a form: some hundred bytes for each.</summary>
    private const int FormBytes = 64 << 10;

    /// <summary>1 Mbit/s: who is slower than that, over the whole of the largest request, is not waited for.</summary>
    private const double SlowestBytesPerSecond = 125_000;

    /// <summary>8 MB/s: what a busy network and disk carry from one service to another, or into a store.</summary>
    private const double InternalBytesPerSecond = 8_000_000;

    /// <summary>What small pictures are given, too.</summary>
    private static readonly TimeSpan MinTransferTime = TimeSpan.FromSeconds(5);

    /// <summary>How many bytes a picture may have. A request may have twice as many.</summary>
    [Range(1_000, 500_000_000)]
    public int MaxBytes { get; set; } = 20_000_000;

    /// <summary>How many bytes a request may have: a picture, and those that are parameters.</summary>
    public int MaxRequestBytes => 2 * MaxBytes;

    /// <summary>How many bytes a job's input may have: all pictures of a request, in the form that converters get.</summary>
    public int MaxInputBytes => MaxRequestBytes + FormBytes;

    /// <summary>How long a request may take to arrive.</summary>
    public TimeSpan UploadTime => TimeSpan.FromSeconds(MaxRequestBytes / SlowestBytesPerSecond);

    /// <summary>How long a request's bytes may take from one service to another, or into a store: 5 s, and more above 20 MB a picture.</summary>
    public TimeSpan TransferTime =>
        TimeSpan.FromSeconds(Math.Max(MinTransferTime.TotalSeconds, MaxRequestBytes / InternalBytesPerSecond));
}
