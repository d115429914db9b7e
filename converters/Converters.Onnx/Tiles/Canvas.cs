using System.Runtime.InteropServices;
using NetVips;

namespace ImageEditor.Converters.Onnx.Tiles;

/// <summary>
/// The pixels of a result while it is being made. They lie outside the garbage collector's memory, so that they go when the result goes.
/// </summary>
internal sealed unsafe class Canvas : IDisposable
{
    private readonly int _width;
    private readonly int _bands;
    private readonly Enums.BandFormat _format;
    private readonly long _rowBytes;
    private byte* _pixels;

    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels, all frames together.</param>
    /// <param name="bands">Channels.</param>
    /// <param name="format">8 or 16 bits per channel.</param>
    public Canvas(int width, int height, int bands, Enums.BandFormat format)
    {
        (_width, _bands, _format) = (width, bands, format);
        _rowBytes = (long)width * bands * (format == Enums.BandFormat.Ushort ? 2 : 1);
        _pixels = (byte*)NativeMemory.Alloc((nuint)_rowBytes, (nuint)height);
        Height = height;
    }

    /// <summary>Pixels, all frames together.</summary>
    public int Height { get; }

    /// <summary>The values of some pixels of a row, channel by channel within pixel by pixel.</summary>
    public Span<T> Row<T>(int y, int left, int width)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)y, (uint)Height);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)(left + width), (uint)_width);
        return new Span<T>(_pixels + y * _rowBytes, _width * _bands).Slice(left * _bands, width * _bands);
    }

    /// <summary>An image of the rows so far. It is valid until the canvas is changed.</summary>
    /// <param name="rows">How many rows are finished.</param>
    public Image View(int rows) => Image.NewFromMemory((IntPtr)_pixels, (ulong)(rows * _rowBytes), _width, rows, _bands, _format);

    /// <summary>Hands the pixels over to an image, which frees them.</summary>
    public Image ToImage()
    {
        var image = View(Height);
        var pixels = (IntPtr)_pixels;
        _pixels = null;
        image.OnPostClose += () => NativeMemory.Free((void*)pixels);
        return image;
    }

    /// <summary>Frees what was not handed over.</summary>
    public void Dispose()
    {
        NativeMemory.Free(_pixels);
        _pixels = null;
    }
}
