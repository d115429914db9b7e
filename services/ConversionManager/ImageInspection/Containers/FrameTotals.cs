namespace ImageEditor.ConversionManager.ImageInspection.Containers;

/// <summary>Adds frames up. Sizes come from untrusted headers, so sums saturate.</summary>
internal sealed class FrameTotals(ImageFormat format)
{
    private ulong _width;
    private ulong _height;
    private ulong _frames;
    private UInt128 _pixels;

    /// <summary>Whether no frame was added.</summary>
    public bool IsEmpty => _frames == 0;

    /// <summary>Adds frames of one size, in pixels.</summary>
    public void Add(ulong width, ulong height, ulong frames = 1)
    {
        width = Math.Min(width, uint.MaxValue);
        height = Math.Min(height, uint.MaxValue);
        frames = Math.Min(frames, int.MaxValue);
        _width = Math.Max(_width, width);
        _height = Math.Max(_height, height);
        _frames = Math.Min(_frames + frames, int.MaxValue);
        _pixels = UInt128.Min(_pixels + ((UInt128)width * height * frames), long.MaxValue);
    }

    /// <summary>The sum, or a refusal where no frame was added or a size is none.</summary>
    /// <param name="maxBytesPerChannel">The most bytes that a channel of a pixel has, decoded.</param>
    public Inspection ToInspection(int maxBytesPerChannel = 2)
    {
        var damage = _frames == 0 ? "holds no picture"
            : _width == 0 || _height == 0 ? "gives a width or height of 0"
            : Math.Max(_width, _height) > int.MaxValue ? "gives a size that no picture has"
            : null;
        return damage is null
            ? Inspection.Accepted(new ImageInfo(format, (int)_width, (int)_height, (int)_frames, (long)_pixels)
            {
                MaxBytesPerChannel = maxBytesPerChannel,
            })
            : Inspection.Damaged(format, damage);
    }
}
