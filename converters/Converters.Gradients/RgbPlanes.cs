using NetVips;

namespace ImageEditor.Converters.Gradients;

/// <summary>A picture as a network takes it: three planes, red, green and blue, each row by row.</summary>
/// <param name="values">From 0 to 1 for colours; differences of colours may be negative.</param>
/// <param name="width">Pixels.</param>
/// <param name="height">Pixels.</param>
public sealed class RgbPlanes(float[] values, int width, int height)
{
    private const int Count = 3;

    /// <summary>A black picture.</summary>
    public RgbPlanes(int width, int height)
        : this(new float[Count * width * height], width, height)
    {
    }

    /// <summary>Plane by plane, row by row.</summary>
    public float[] Values { get; } = values.Length == Count * width * height
        ? values
        : throw new ArgumentException($"{values.Length} values do not fill {Count} planes of {width} × {height}.", nameof(values));

    /// <summary>Pixels.</summary>
    public int Width { get; } = width;

    /// <summary>Pixels.</summary>
    public int Height { get; } = height;

    /// <summary>Reads the colours of a picture.</summary>
    /// <param name="image">Floats of one channel or three.</param>
    public static RgbPlanes Of(Image image)
    {
        var planes = new RgbPlanes(image.Width, image.Height);
        var plane = image.Width * image.Height;
        for (var channel = 0; channel < Count; channel++)
        {
            using var band = image.ExtractBand(image.Bands == 1 ? 0 : channel);
            using var floats = band.Cast(Enums.BandFormat.Float);
            floats.WriteToMemory<float>().CopyTo(planes.Values, channel * plane);
        }

        return planes;
    }

    /// <summary>The same as an image of three channels of floats.</summary>
    public Image ToImage()
    {
        var plane = Width * Height;
        Image[] bands = [.. Enumerable.Range(0, Count).Select(channel =>
            Image.NewFromMemory(Values.AsSpan(channel * plane, plane).ToArray(), Width, Height, 1, Enums.BandFormat.Float))];
        using var joined = bands[0].Bandjoin(bands[1..]);
        foreach (var band in bands)
        {
            band.Dispose();
        }

        return joined.Copy(interpretation: Enums.Interpretation.Srgb);
    }

    /// <summary>The same as an image of 8 bits per channel.</summary>
    public Image ToPicture()
    {
        using var floats = ToImage();
        using var scaled = floats * byte.MaxValue;
        using var rounded = scaled.Rint();
        return rounded.Cast(Enums.BandFormat.Uchar);
    }

    /// <summary>The picture in another size.</summary>
    public RgbPlanes Resized(int newWidth, int newHeight)
    {
        if ((newWidth, newHeight) == (Width, Height))
        {
            return new RgbPlanes([.. Values], Width, Height);
        }

        using var image = ToImage();
        using var resized = Resize(image, newWidth, newHeight);
        return Of(resized);
    }

    /// <summary>An image in another size: averaged where it becomes smaller, by cubic interpolation where it becomes larger.</summary>
    public static Image Resize(Image image, int width, int height) => image.Resize(
        (double)width / image.Width,
        vscale: (double)height / image.Height,
        kernel: width < image.Width ? Enums.Kernel.Lanczos3 : Enums.Kernel.Cubic);

    /// <summary>Adds to each value.</summary>
    /// <param name="other">A picture of the same size.</param>
    /// <param name="factor">What its values are multiplied by.</param>
    public void Add(RgbPlanes other, float factor = 1)
    {
        for (var index = 0; index < Values.Length; index++)
        {
            Values[index] += factor * other.Values[index];
        }
    }

    /// <summary>Brings values below 0 and above 1 there.</summary>
    public void Clamp()
    {
        for (var index = 0; index < Values.Length; index++)
        {
            Values[index] = Math.Clamp(Values[index], 0, 1);
        }
    }
}
