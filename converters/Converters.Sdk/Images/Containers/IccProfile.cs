using System.Buffers.Binary;
using System.Text;
using ImageEditor.ServiceDefaults.Problems;

namespace ImageEditor.Converters.Images.Containers;

/// <summary>ICC profiles (ICC.1:2010): makes one of colours that a container describes, and tells which ones are of no use.</summary>
internal static class IccProfile
{
    /// <summary>Bytes. libpng reads no larger ones, and real ones have at most a few megabytes.</summary>
    private const int MaxBytes = 8_000_000;

    private const int HeaderBytes = 128;
    private const int TagBytes = 12;

    /// <summary>Red, green and blue of D50, to which profiles refer.</summary>
    private static readonly double[] D50 = [0.9642, 1, 0.8249];

    /// <exception cref="ProblemException">422: larger than profiles are.</exception>
    public static void EnsureUsualSize(int bytes, string format)
    {
        if (bytes > MaxBytes)
        {
            throw ProblemTypes.NotDecodable.Refuse(
                $"The {format} file has a colour profile of more than {MaxBytes / 1_000_000} MB. "
                + "Save it with a usual profile, such as sRGB.");
        }
    }

    /// <summary>A profile for a display of such colours, or for grey with the same tone curve.</summary>
    public static byte[] Create(RgbColours colours, bool isGrey)
    {
        var name = Text("Colours of the original");
        var curve = Curve(colours.Curve);
        var tags = new List<(string Name, byte[] Data)> { ("desc", name), ("cprt", Text("Public domain")), ("wtpt", Xyz(D50)) };
        if (isGrey)
        {
            tags.Add(("kTRC", curve));
        }
        else
        {
            var columns = colours.Primaries.ToXyz();
            tags.AddRange([("rXYZ", Xyz(columns[0])), ("gXYZ", Xyz(columns[1])), ("bXYZ", Xyz(columns[2]))]);
            tags.AddRange([("rTRC", curve), ("gTRC", curve), ("bTRC", curve)]);
        }

        var start = HeaderBytes + 4 + (TagBytes * tags.Count);
        var profile = new byte[start + tags.Sum(tag => tag.Data.Length)];
        WriteHeader(profile, isGrey ? "GRAY" : "RGB ");
        BinaryPrimitives.WriteInt32BigEndian(profile.AsSpan(HeaderBytes), tags.Count);
        foreach (var (index, (tag, data)) in tags.Index())
        {
            var entry = profile.AsSpan(HeaderBytes + 4 + (TagBytes * index), TagBytes);
            Encoding.ASCII.GetBytes(tag, entry);
            BinaryPrimitives.WriteInt32BigEndian(entry[4..], start);
            BinaryPrimitives.WriteInt32BigEndian(entry[8..], data.Length);
            data.CopyTo(profile, start);
            start += data.Length;
        }

        return profile;
    }

    /// <summary>Whether a profile is of a space ("RGB ", "GRAY" or "CMYK") and has what colours are computed with.</summary>
    public static bool IsUsable(ReadOnlySpan<byte> profile, ReadOnlySpan<byte> space)
    {
        if (profile.Length < HeaderBytes + 4 || !profile[16..20].SequenceEqual(space) || !profile[36..40].SequenceEqual("acsp"u8))
        {
            return false;
        }

        // Scanners, monitors, printers and colour spaces; the others lead from one profile to another. They lead to XYZ or Lab.
        if (!IsOneOf(profile[12..16], "scnr", "mntr", "prtr", "spac") || !IsOneOf(profile[20..24], "XYZ ", "Lab "))
        {
            return false;
        }

        var count = BinaryPrimitives.ReadUInt32BigEndian(profile[HeaderBytes..]);
        if (count > 1000 || count > (profile.Length - HeaderBytes - 4) / TagBytes)
        {
            return false;
        }

        var (isGrey, isRgb) = (space.SequenceEqual("GRAY"u8), space.SequenceEqual("RGB "u8));
        var types = new Dictionary<string, string>();
        for (var tag = 0; tag < count; tag++)
        {
            var entry = profile.Slice(HeaderBytes + 4 + (TagBytes * tag), TagBytes);
            var (offset, length) = (BinaryPrimitives.ReadUInt32BigEndian(entry[4..]), BinaryPrimitives.ReadUInt32BigEndian(entry[8..]));

            // The library leaves out what does not lie in the profile, and takes no profile that says something twice.
            if ((ulong)offset + length <= (ulong)profile.Length
                && !types.TryAdd(
                    Encoding.Latin1.GetString(entry[..4]), TypeOf(profile.Slice((int)offset, (int)length), isGrey ? 1 : isRgb ? 3 : 4)))
            {
                return false;
            }
        }

        // The first table that there is counts, in this order, even where curves could take its place.
        string[] curves = ["curv", "para"];
        bool Has(string tag, params string[] allowed) => types.TryGetValue(tag, out var type) && allowed.Contains(type);
        return types.TryGetValue("A2B1", out var table) || types.TryGetValue("A2B0", out table) ? IccTable.Types.Contains(table)
            : (isGrey && Has("kTRC", curves))
            || (isRgb
                && Has("rXYZ", "XYZ ") && Has("gXYZ", "XYZ ") && Has("bXYZ", "XYZ ")
                && Has("rTRC", curves) && Has("gTRC", curves) && Has("bTRC", curves));
    }

    private static bool IsOneOf(ReadOnlySpan<byte> letters, params string[] allowed) =>
        allowed.Contains(Encoding.Latin1.GetString(letters));

    /// <summary>What a tag holds, in four letters; empty where it does not hold all of it, or not for so many channels.</summary>
    private static string TypeOf(ReadOnlySpan<byte> tag, int channels)
    {
        if (tag.Length < 8)
        {
            return "";
        }

        var type = Encoding.Latin1.GetString(tag[..4]);
        var bytes = type switch
        {
            _ when IccTable.Types.Contains(type) => IccTable.IsWhole(tag, channels) ? 8 : long.MaxValue,
            "XYZ " => 8 + 12,
            "curv" or "para" => tag.Length < 12 ? long.MaxValue : IccTable.BytesOfCurve(tag) ?? long.MaxValue,
            _ => 8L,
        };
        return bytes <= tag.Length ? type : "";
    }

    private static void WriteHeader(Span<byte> profile, string space)
    {
        // Length, version 4.3, the class of displays, the spaces it goes between, a date, and the white of the latter.
        BinaryPrimitives.WriteInt32BigEndian(profile, profile.Length);
        BinaryPrimitives.WriteUInt32BigEndian(profile[8..], 0x04300000);
        Encoding.ASCII.GetBytes("mntr" + space + "XYZ ", profile[12..]);
        short[] date = [2024, 1, 1, 0, 0, 0];
        foreach (var (index, part) in date.Index())
        {
            BinaryPrimitives.WriteInt16BigEndian(profile[(24 + (2 * index))..], part);
        }

        Encoding.ASCII.GetBytes("acsp", profile[36..]);
        Xyz(D50).AsSpan(8).CopyTo(profile[68..]);
    }

    private static byte[] Xyz(double[] values)
    {
        var data = new byte[20];
        Encoding.ASCII.GetBytes("XYZ ", data);
        foreach (var (index, value) in values.Index())
        {
            WriteFixed(data.AsSpan(8 + (4 * index)), value);
        }

        return data;
    }

    /// <summary>A parametric curve of type 3: ((a·x + b)^g from d on, and c·x below.</summary>
    private static byte[] Curve(ToneCurve curve)
    {
        var data = new byte[32];
        Encoding.ASCII.GetBytes("para", data);
        data[9] = 3;
        double[] parameters = [curve.Gamma, curve.Scale, curve.Offset, curve.Slope, curve.Threshold];
        foreach (var (index, value) in parameters.Index())
        {
            WriteFixed(data.AsSpan(12 + (4 * index)), value);
        }

        return data;
    }

    /// <summary>A text in one language.</summary>
    private static byte[] Text(string text)
    {
        var letters = Encoding.BigEndianUnicode.GetBytes(text);
        var data = new byte[(28 + letters.Length + 3) / 4 * 4];
        Encoding.ASCII.GetBytes("mluc", data);
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(8), 1);
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(12), 12);
        Encoding.ASCII.GetBytes("enUS", data.AsSpan(16));
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(20), letters.Length);
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(24), 28);
        letters.CopyTo(data, 28);
        return data;
    }

    /// <summary>15.16 bits before and after the point.</summary>
    private static void WriteFixed(Span<byte> data, double value) =>
        BinaryPrimitives.WriteInt32BigEndian(data, (int)Math.Clamp(Math.Round(value * 65536), int.MinValue, int.MaxValue));
}
