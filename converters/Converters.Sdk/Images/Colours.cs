using ImageEditor.Converters.Images.Containers;
using NetVips;

namespace ImageEditor.Converters.Images;

/// <summary>Colour spaces and the ICC profiles that define them.</summary>
public static class Colours
{
    internal const string ProfileField = "icc-profile-data";

    /// <summary>Converts a picture to sRGB, or sRGB grey if it is grey, by its profile, and removes the profile.</summary>
    /// <param name="image">
    /// 8 or 16 bits per channel, grey, RGB or CMYK; without a profile it counts as sRGB, or as inks that take their part of the light each.
    /// </param>
    /// <returns>As many bits per channel as before; alpha is kept.</returns>
    public static Image ToSrgb(Image image)
    {
        var isCmyk = image.Interpretation == Enums.Interpretation.Cmyk;
        if (ProfileOf(image) is not { } profile)
        {
            return isCmyk ? WithoutInks(image) : image.Copy();
        }

        try
        {
            if (!isCmyk && IsSrgb(profile))
            {
                return WithoutProfile(image);
            }

            using var converted = image.IccTransform(
                "srgb",
                intent: Enums.Intent.Relative,
                blackPointCompensation: isCmyk,
                embedded: true,
                depth: image.Format == Enums.BandFormat.Ushort ? 16 : 8);
            return WithoutProfile(converted);
        }
        catch (VipsException)
        {
            // The profile looks right and lcms does not take it: as good as none.
            using var without = WithoutProfile(image);
            return isCmyk ? WithoutInks(without) : without.Copy();
        }
    }

    /// <summary>
    /// The picture as it is, or as RGB where it is grey and a colour is to be put into it that is not. A grey profile is left out then, and
    /// what it said is kept.
    /// </summary>
    /// <param name="image">8 or 16 bits per channel, grey or RGB.</param>
    /// <param name="colour">Such as <c>#1e90ff</c>.</param>
    public static Image AbleToShow(Image image, string colour)
    {
        var values = Convert.FromHexString(colour.AsSpan(1));
        return values.Distinct().Count() == 1 ? image.Copy() : ToRgb(image);
    }

    /// <summary>The picture as it is, or as RGB where it is grey.</summary>
    /// <param name="image">8 or 16 bits per channel, grey or RGB.</param>
    public static Image ToRgb(Image image)
    {
        if (!IsGrey(image))
        {
            return image.Copy();
        }

        using var srgb = ToSrgb(image);
        if (!IsGrey(srgb))
        {
            return srgb.Copy();
        }

        var rgb = image.Format == Enums.BandFormat.Ushort ? Enums.Interpretation.Rgb16 : Enums.Interpretation.Srgb;
        using var grey = srgb.ExtractBand(0);
        using var colours = grey.Bandjoin([grey, grey]);
        using var whole = srgb.HasAlpha() ? colours.Bandjoin(srgb.ExtractBand(1)) : colours.Copy();
        return whole.Copy(interpretation: rgb);
    }

    /// <summary>An opaque pixel of a colour, in a picture's channels, depth and profile.</summary>
    /// <param name="image">8 or 16 bits per channel; RGB unless the colour is grey.</param>
    /// <param name="colour">Of sRGB, such as <c>#1e90ff</c>.</param>
    public static double[] Pixel(Image image, string colour)
    {
        var isDeep = image.Format == Enums.BandFormat.Ushort;
        var maximum = isDeep ? ushort.MaxValue : byte.MaxValue;
        double[] values = [.. Convert.FromHexString(colour.AsSpan(1)).Select(value => (double)value * maximum / byte.MaxValue)];
        var colours = IsGrey(image) ? values[..1] : InProfile(values, image, isDeep);
        return image.HasAlpha() ? [.. colours, maximum] : colours;
    }

    /// <summary>A picture of sRGB in the colours that another one's profile means.</summary>
    /// <param name="srgb">RGB without a profile, alpha last or none.</param>
    /// <param name="like">RGB with any profile, in the same depth.</param>
    /// <returns>Without a profile.</returns>
    public static Image FromSrgb(Image srgb, Image like)
    {
        if (ProfileOf(like) is not { } profile)
        {
            return srgb.Copy();
        }

        try
        {
            using var light = srgb.IccImport(inputProfile: "srgb", intent: Enums.Intent.Relative);
            using var tagged = light.Mutate(mutable => mutable.Set(GValue.BlobType, ProfileField, profile));
            using var exported = tagged.IccExport(
                intent: Enums.Intent.Relative, depth: srgb.Format == Enums.BandFormat.Ushort ? 16 : 8);
            using var plain = WithoutProfile(exported);
            using var memory = plain.CopyMemory();
            return memory.Copy(interpretation: srgb.Interpretation);
        }
        catch (VipsException)
        {
            // The profile looks right and lcms does not take it: as good as none.
            return srgb.Copy();
        }
    }

    /// <summary>A colour of sRGB as the picture's profile writes it.</summary>
    private static double[] InProfile(double[] srgb, Image image, bool isDeep)
    {
        using var black = Image.Black(1, 1, bands: 3);
        using var pixel = black.Linear([1, 1, 1], srgb);
        using var cast = pixel.Cast(isDeep ? Enums.BandFormat.Ushort : Enums.BandFormat.Uchar);
        using var described = cast.Copy(interpretation: isDeep ? Enums.Interpretation.Rgb16 : Enums.Interpretation.Srgb);
        using var exported = FromSrgb(described, image);
        return exported.Getpoint(0, 0);
    }

    /// <summary>With 8 bits per channel, as formats hold them that have no more.</summary>
    /// <param name="image">8 or 16 bits per channel, grey or RGB.</param>
    public static Image ToEightBits(Image image) => image.Format == Enums.BandFormat.Ushort
        ? image.Colourspace(IsGrey(image) ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb)
        : image.Copy();

    /// <summary>Whether the picture is one channel of grey, with alpha or without.</summary>
    internal static bool IsGrey(Image image) => image.Bands < 3;

    /// <summary>The picture's profile; null when it has none.</summary>
    internal static byte[]? ProfileOf(Image image) => image.Contains(ProfileField) ? (byte[])image.Get(ProfileField) : null;

    /// <summary>Removes a profile that is broken or belongs to another colour space: no colour can be computed from it.</summary>
    internal static Image WithoutForeignProfile(Image image)
    {
        var space = image.Interpretation == Enums.Interpretation.Cmyk ? "CMYK"u8 : IsGrey(image) ? "GRAY"u8 : "RGB "u8;
        return ProfileOf(image) is { } profile && !IccProfile.IsUsable(profile, space) ? WithoutProfile(image) : image.Copy();
    }

    private static Image WithoutProfile(Image image) => image.Mutate(mutable => mutable.Remove(ProfileField));

    /// <summary>
    /// RGB of CMYK that has no profile, as browsers show it: each ink takes its part of one colour, and black of all:
    /// (255 - ink)(255 - black) / 255.
    /// </summary>
    private static Image WithoutInks(Image image)
    {
        var isDeep = image.Format == Enums.BandFormat.Ushort;
        double maximum = isDeep ? ushort.MaxValue : byte.MaxValue;
        using var inks = image.ExtractBand(0, n: 3);
        using var black = image.ExtractBand(3);
        using var light = inks.Linear([-1], [maximum]);
        using var share = black.Linear([-1 / maximum], [1]);
        using var colours = light * share;
        using var rounded = colours.Rint();
        using var rgb = rounded.Cast(image.Format);
        using var whole = image.Bands > 4 ? rgb.Bandjoin(image.ExtractBand(4)) : rgb.Copy();
        return whole.Copy(interpretation: isDeep ? Enums.Interpretation.Rgb16 : Enums.Interpretation.Srgb);
    }

    /// <summary>
    /// Whether a profile is sRGB by another name, as in most photographs: then converting would only cost time and rounding. The test
    /// converts colours from all over the RGB cube.
    /// </summary>
    private static bool IsSrgb(byte[] profile)
    {
        if (!IccProfile.IsUsable(profile, "RGB "u8))
        {
            return false;
        }

        byte[] levels = [0, 1, 4, 16, 40, 80, 128, 176, 224, 255];
        byte[] cube =
            [.. from red in levels from green in levels from blue in levels from level in new[] { red, green, blue } select level];
        using var memory = Image.NewFromMemory(cube, cube.Length / 3, 1, 3, Enums.BandFormat.Uchar);
        using var colours = memory.Copy(interpretation: Enums.Interpretation.Srgb);
        using var probe = colours.Mutate(mutable => mutable.Set(GValue.BlobType, ProfileField, profile));
        using var converted = probe.IccTransform("srgb", intent: Enums.Intent.Relative, embedded: true);
        return converted.WriteToMemory<byte>().Zip(cube).All(pair => Math.Abs(pair.First - pair.Second) <= 1);
    }
}
