using NetVips;

namespace ImageEditor.Converters.Export.Watermarks;

/// <summary>One picture over another (Porter and Duff's "over", with colours that are not premultiplied).</summary>
internal static class Overlay
{
    /// <param name="frame">One frame, with alpha or without.</param>
    /// <param name="mark">In the frame's channels and depth, with alpha; within the frame.</param>
    /// <param name="left">Where it is put.</param>
    /// <param name="top">Where it is put.</param>
    /// <param name="opacity">From 0 to 1.</param>
    public static Image Put(Image frame, Image mark, int left, int top, double opacity)
    {
        using var memory = frame.CopyMemory();
        double maximum = memory.Format == Enums.BandFormat.Ushort ? ushort.MaxValue : byte.MaxValue;
        var hasAlpha = memory.HasAlpha();
        var colours = mark.Bands - 1;

        using var under = memory.Crop(left, top, mark.Width, mark.Height);
        using var underColours = under.ExtractBand(0, n: colours);
        using var overColours = mark.ExtractBand(0, n: colours);
        using var markAlpha = mark.ExtractBand(colours);
        using var over = markAlpha.Linear([opacity / maximum], [0]);
        using var rest = over.Linear([-1], [1]);
        using var overPart = overColours * over;
        if (!hasAlpha)
        {
            using var underPart = underColours * rest;
            using var sum = overPart + underPart;
            return Inserted(memory, sum, left, top);
        }

        using var underAlpha = under.ExtractBand(colours);
        using var share = underAlpha.Linear([1 / maximum], [0]);
        using var seen = share * rest;
        using var seenColours = underColours * seen;
        using var premultiplied = overPart + seenColours;
        using var alpha = over + seen;

        // libvips divides by 0 to 0.
        using var mixed = premultiplied / alpha;
        using var opaque = alpha.Linear([maximum], [0]);
        using var whole = mixed.Bandjoin(opaque);
        return Inserted(memory, whole, left, top);
    }

    private static Image Inserted(Image memory, Image part, int left, int top)
    {
        using var rounded = part.Rint();
        using var cast = rounded.Cast(memory.Format);
        using var described = cast.Copy(interpretation: memory.Interpretation);
        return memory.Insert(described, left, top);
    }
}
