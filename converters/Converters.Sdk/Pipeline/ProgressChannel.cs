using System.Net.Mime;
using System.Text.Json;
using System.Threading.Channels;
using ImageEditor.Converters.Images;
using NetVips;

namespace ImageEditor.Converters.Pipeline;

/// <summary>
/// Carries progress and previews from the thread that computes to the one that writes the response. The first never waits for the second.
/// </summary>
internal sealed class ProgressChannel
{
    /// <summary>Pixels. Previews are small: they are shown for a moment only.</summary>
    private const int PreviewSide = 512;
    private const int PreviewQuality = 80;

    /// <summary>A caller who reads slowly misses the older parts.</summary>
    private const int Capacity = 4;

    private readonly Channel<ProgressPart>? _channel;

    /// <param name="isWanted">Whether the caller accepts a response of many parts.</param>
    public ProgressChannel(bool isWanted) => _channel = !isWanted ? null : Channel.CreateBounded<ProgressPart>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <summary>All parts, as they come; none when the caller does not want them.</summary>
    public IAsyncEnumerable<ProgressPart> ReadAllAsync(CancellationToken cancellationToken) =>
        _channel?.Reader.ReadAllAsync(cancellationToken) ?? AsyncEnumerable.Empty<ProgressPart>();

    public void Report(double progress) => _channel?.Writer.TryWrite(new ProgressPart(
        MediaTypeNames.Application.Json,
        JsonSerializer.SerializeToUtf8Bytes(new { progress = Math.Clamp(progress, 0, 1) })));

    public void Preview(Image image)
    {
        if (_channel is null)
        {
            return;
        }

        using var first = Frames.First(image);
        using var small = first.ThumbnailImage(PreviewSide, height: PreviewSide, size: Enums.Size.Down);
        using var opaque = small.HasAlpha() ? small.Flatten(background: [255]) : small.Copy();
        var file = opaque.JpegsaveBuffer(q: PreviewQuality, keep: Enums.ForeignKeep.Icc);
        _channel.Writer.TryWrite(new ProgressPart(ImageFormat.Jpeg.MediaType(), file));
    }

    /// <summary>Ends the sequence of parts.</summary>
    public void Complete() => _channel?.Writer.Complete();
}

/// <summary>A part of a response before its last.</summary>
internal sealed record ProgressPart(string MediaType, ReadOnlyMemory<byte> Body);
