using NetVips;

namespace ImageEditor.Converters.ContractTests.Pictures;

/// <summary>A decoded picture, all frames from top to bottom, as values of red, green, blue and alpha.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels, all frames together.</param>
/// <param name="Frames">How many frames there are.</param>
/// <param name="Maximum">The largest value: 255 or 65535.</param>
/// <param name="IsGrey">Whether the file has one colour channel.</param>
/// <param name="HasAlpha">Whether the file has alpha.</param>
/// <param name="Values">Four per pixel, row by row; opaque where the file has no alpha.</param>
internal sealed record Pixels(int Width, int Height, int Frames, int Maximum, bool IsGrey, bool HasAlpha, ushort[] Values)
{
    public const int Channels = 4;
    public const int Alpha = 3;

    /// <summary>Pixels, of one frame.</summary>
    public int FrameHeight => Height / Frames;

    /// <summary>Decodes to the last pixel, upright and in the file's own colour space, with two decoders that must agree.</summary>
    public static Pixels Of(byte[] file)
    {
        using var image = Open(file);
        return SecondDecoder.Agreed(file, Of(image));
    }

    /// <summary>Opens all frames, strictly.</summary>
    public static Image Open(byte[] file)
    {
        var start = file.AsSpan();
        var mayHaveFrames = start.StartsWith("GIF"u8) || start.StartsWith("RIFF"u8) || start.StartsWith("II"u8) || start.StartsWith("MM"u8);
        var options = mayHaveFrames ? "[n=-1]" : "";
        return Image.NewFromBuffer(file, options, failOn: Enums.FailOn.Error);
    }

    public static Pixels Of(Image image)
    {
        var height = image.PageHeight;
        using var upright = height == image.Height ? image.Autorot() : image.Copy();
        using var deep = upright.Cast(Enums.BandFormat.Ushort);
        var stored = deep.WriteToMemory<ushort>();
        var (bands, isGrey, hasAlpha) = (image.Bands, image.Bands < 3, image.Bands is 2 or 4);
        var maximum = image.Format == Enums.BandFormat.Ushort ? ushort.MaxValue : (ushort)byte.MaxValue;
        var values = new ushort[upright.Width * upright.Height * Channels];
        var (green, blue) = isGrey ? (0, 0) : (1, 2);
        for (int from = 0, to = 0; to < values.Length; from += bands, to += Channels)
        {
            values[to] = stored[from];
            values[to + 1] = stored[from + green];
            values[to + 2] = stored[from + blue];
            values[to + Alpha] = hasAlpha ? stored[from + bands - 1] : maximum;
        }

        return new Pixels(
            upright.Width, upright.Height, height == image.Height ? 1 : image.Height / height, maximum, isGrey, hasAlpha, values);
    }

    public ushort At(int x, int y, int channel) => Values[(y * Width + x) * Channels + channel];

    /// <summary>Asserts that every value is as near to what is expected as said; colours below full transparency do not count.</summary>
    public void MustBeNear(Func<int, int, int, double> expected, double tolerance)
    {
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                for (var channel = 0; channel < Channels; channel++)
                {
                    var difference = Math.Abs(At(x, y, channel) - expected(x, y, channel));
                    if (difference > tolerance && (channel == Alpha || At(x, y, Alpha) > 0))
                    {
                        Assert.Fail(
                            $"({x}, {y}) channel {channel}: expected {expected(x, y, channel)} ± {tolerance}, got {At(x, y, channel)}");
                    }
                }
            }
        }
    }

    /// <summary>The negative of a picture of 8 bits; alpha is kept.</summary>
    public Pixels Inverted() =>
        this with { Values = [.. Values.Select((value, i) => i % Channels == Alpha ? value : (ushort)(byte.MaxValue - value))] };

    /// <summary>The mean difference to a picture of the same size, as a part of the largest value; colours count as far as they are seen.</summary>
    public double MeanDifference(Pixels other)
    {
        Assert.Equal((Width, Height), (other.Width, other.Height));
        var sum = 0.0;
        for (var i = 0; i < Values.Length; i++)
        {
            sum += Math.Abs(Seen(i) - other.Seen(i));
        }

        return sum / Values.Length;
    }

    /// <summary>A value as a part of the largest, a colour's multiplied by its alpha.</summary>
    private double Seen(int i)
    {
        var value = (double)Values[i] / Maximum;
        return i % Channels == Alpha ? value : value * Values[i - (i % Channels) + Alpha] / Maximum;
    }
}
