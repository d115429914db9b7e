using NetVips;

namespace ImageEditor.Converters.Onnx.Tiles;

/// <summary>
/// Keeps a few rows of a picture at a time, from top to bottom, so that the decoded picture is never in memory as a whole.
/// </summary>
/// <param name="image">8 or 16 bits per channel.</param>
internal sealed class RowReader(Image image) : IDisposable
{
    private readonly Region _region = Region.New(image);
    private readonly int _rowBytes = image.Width * image.Bands * (image.Format == Enums.BandFormat.Ushort ? 2 : 1);
    private byte[] _rows = [];
    private int _top;
    private int _bottom;

    /// <summary>Rows from one to another; none before the last call's first row can be had again.</summary>
    /// <param name="top">The first row.</param>
    /// <param name="bottom">The row after the last.</param>
    /// <returns>The rows, channel by channel within pixel by pixel, in the machine's order of bytes.</returns>
    /// <exception cref="VipsException">A row cannot be decoded.</exception>
    public ReadOnlySpan<byte> Read(int top, int bottom)
    {
        var rows = new byte[(bottom - top) * _rowBytes];
        var kept = Math.Max(0, _bottom - top);
        _rows.AsSpan(_rows.Length - kept * _rowBytes).CopyTo(rows);
        if (top + kept < bottom)
        {
            _region.Fetch(0, top + kept, image.Width, bottom - top - kept).CopyTo(rows, kept * _rowBytes);
        }

        (_rows, _top, _bottom) = (rows, top, bottom);
        return _rows;
    }

    /// <inheritdoc/>
    public void Dispose() => _region.Dispose();
}
