using System.Net.Mime;
using System.Text.Json;
using System.Threading.Channels;
using ImageEditor.Converters.Images;
using NetVips;

namespace ImageEditor.Converters.Http;

/// <summary>What a running conversion says: from the thread that computes to the one that answers, which never holds up the first.</summary>
internal sealed class Messages
{
    /// <summary>Pixels; previews are looked at, not kept.</summary>
    private const int PreviewSide = 512;
    private const int PreviewQuality = 80;

    /// <summary>A caller who reads slowly misses the older ones.</summary>
    private const int Backlog = 4;

    private readonly Channel<Message>? _channel;

    /// <param name="areWanted">Whether the caller takes an answer of many parts.</param>
    public Messages(bool areWanted) => _channel = !areWanted ? null : Channel.CreateBounded<Message>(
        new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <summary>All messages, as they come; none when they are not wanted.</summary>
    public IAsyncEnumerable<Message> ReadAllAsync(CancellationToken cancellationToken) =>
        _channel?.Reader.ReadAllAsync(cancellationToken) ?? AsyncEnumerable.Empty<Message>();

    public void Report(double progress) => _channel?.Writer.TryWrite(new Message(
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
        _channel.Writer.TryWrite(new Message(ImageFormat.Jpeg.MediaType(), opaque.JpegsaveBuffer(q: PreviewQuality, keep: Enums.ForeignKeep.Icc)));
    }

    /// <summary>There will be no more.</summary>
    public void Complete() => _channel?.Writer.Complete();
}

/// <summary>A part of an answer before its last.</summary>
internal sealed record Message(string MediaType, ReadOnlyMemory<byte> Body);
