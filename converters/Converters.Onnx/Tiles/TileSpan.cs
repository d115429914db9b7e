namespace ImageEditor.Converters.Onnx.Tiles;

/// <summary>A tile along one axis, in pixels of the input.</summary>
/// <param name="Start">The first pixel whose result counts.</param>
/// <param name="End">The pixel after the last of these.</param>
/// <param name="From">The first pixel that the network sees.</param>
/// <param name="To">The pixel after the last of these.</param>
internal readonly record struct TileSpan(int Start, int End, int From, int To)
{
    /// <summary>Divides a side into tiles of nearly equal length.</summary>
    /// <param name="length">The side.</param>
    /// <param name="tile">The most that a tile may count for.</param>
    /// <param name="overlap">How far the network sees beyond that, within the picture.</param>
    public static IReadOnlyList<TileSpan> Divide(int length, int tile, int overlap)
    {
        var count = (length + tile - 1) / tile;
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var (start, end) = ((int)((long)length * i / count), (int)((long)length * (i + 1) / count));
            return new TileSpan(start, end, Math.Max(0, start - overlap), Math.Min(length, end + overlap));
        })];
    }
}
