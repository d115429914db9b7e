using ImageEditor.Converters.Images;
using NetVips;

namespace ImageEditor.Converters.Export.Watermarks;

/// <summary>Another picture as a watermark.</summary>
internal static class PictureMark
{
    /// <summary>Scales it as large as fits, and writes its colours as the picture does that it is for.</summary>
    /// <param name="sign">8 or 16 bits per channel, with any profile; of an animation the first frame.</param>
    /// <param name="widest">Pixels.</param>
    /// <param name="highest">Pixels.</param>
    /// <param name="like">The picture that it is for: RGB.</param>
    /// <returns>In that picture's channels, with alpha.</returns>
    public static Image Draw(Image sign, int widest, int highest, Image like)
    {
        var scale = Math.Min((double)widest / sign.Width, (double)highest / sign.PageHeight);
        using var first = sign.Crop(0, 0, sign.Width, sign.PageHeight);
        using var srgb = Colours.ToSrgb(first);
        using var rgb = Colours.ToRgb(srgb);
        using var whole = rgb.HasAlpha() ? rgb.Copy() : rgb.AddAlpha();
        using var light = Light.Of(whole);
        using var scaled = Premultiplied.Change(light, picture => picture.Resize(
            Math.Max(1, Math.Round(scale * sign.Width)) / sign.Width,
            vscale: Math.Max(1, Math.Round(scale * sign.PageHeight)) / sign.PageHeight,
            kernel: Enums.Kernel.Lanczos3));
        using var small = Light.Encode(scaled, like);
        return Colours.FromSrgb(small, like);
    }
}
