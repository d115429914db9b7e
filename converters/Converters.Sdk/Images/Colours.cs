using NetVips;

namespace ImageEditor.Converters.Images;

/// <summary>Colour spaces and the ICC profiles that define them.</summary>
public static class Colours
{
    private const string ProfileField = "icc-profile-data";

    /// <summary>Bytes of an ICC profile's header (ICC.1:2010, section 7.2): the colour space is at offset 16, "acsp" at 36.</summary>
    private const int HeaderBytes = 128;

    /// <summary>Converts a picture to sRGB, or sRGB grey if it is grey, by its profile, and removes the profile.</summary>
    /// <param name="image">
    /// 8 or 16 bits per channel, grey, RGB or CMYK; without a profile it counts as sRGB, or as common offset CMYK.
    /// </param>
    /// <returns>As many bits per channel as before; alpha is kept.</returns>
    public static Image ToSrgb(Image image)
    {
        var isCmyk = image.Interpretation == Enums.Interpretation.Cmyk;
        if (!isCmyk && (ProfileOf(image) is not { } profile || IsSrgb(profile)))
        {
            return WithoutProfile(image);
        }

        using var converted = image.IccTransform(
            "srgb",
            intent: Enums.Intent.Relative,
            blackPointCompensation: isCmyk,
            embedded: true,
            inputProfile: isCmyk ? "cmyk" : "srgb",
            depth: image.Format == Enums.BandFormat.Ushort ? 16 : 8);
        return WithoutProfile(converted);
    }

    /// <summary>Whether the picture is one channel of grey, with alpha or without.</summary>
    internal static bool IsGrey(Image image) => image.Bands < 3;

    /// <summary>The picture's profile; null when it has none.</summary>
    internal static byte[]? ProfileOf(Image image) => image.Contains(ProfileField) ? (byte[])image.Get(ProfileField) : null;

    /// <summary>Removes a profile that is broken or belongs to another colour space: no colour can be computed from it.</summary>
    public static Image WithoutForeignProfile(Image image)
    {
        var space = image.Interpretation == Enums.Interpretation.Cmyk ? "CMYK"u8 : IsGrey(image) ? "GRAY"u8 : "RGB "u8;
        return ProfileOf(image) is { } profile && !IsProfileOf(space, profile) ? WithoutProfile(image) : image.Copy();
    }

    private static Image WithoutProfile(Image image) => image.Mutate(mutable => mutable.Remove(ProfileField));

    private static bool IsProfileOf(ReadOnlySpan<byte> space, ReadOnlySpan<byte> profile) =>
        profile.Length >= HeaderBytes && profile[16..20].SequenceEqual(space) && profile[36..40].SequenceEqual("acsp"u8);

    /// <summary>
    /// Whether a profile is sRGB by another name, as in most photographs: then converting would only cost time and rounding. The test
    /// converts colours from all over the RGB cube.
    /// </summary>
    private static bool IsSrgb(byte[] profile)
    {
        if (!IsProfileOf("RGB "u8, profile))
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
