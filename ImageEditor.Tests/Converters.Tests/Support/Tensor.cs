namespace ImageEditor.Converters.Tests.Support;

/// <summary>Numbers and their shape, the last dimension fastest.</summary>
internal sealed record Tensor(float[] Values, long[] Shape)
{
    /// <summary>A picture whose values are drawn evenly from a range, the same for the same seed.</summary>
    public static Tensor Noise(int height, int width, int seed, float from, float to)
    {
        var random = new Random(seed);
        var values = new float[3 * height * width];
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = from + random.NextSingle() * (to - from);
        }

        return new Tensor(values, [1, 3, height, width]);
    }

    /// <summary>The same with channels last, or from there back.</summary>
    public Tensor ChannelsLast()
    {
        var (channels, height, width) = (Shape[1], Shape[2], Shape[3]);
        var values = new float[Values.Length];
        for (var index = 0; index < Values.Length; index++)
        {
            var (channel, place) = Math.DivRem(index, height * width);
            values[place * channels + channel] = Values[index];
        }

        return new Tensor(values, [1, height, width, channels]);
    }

    /// <summary>Each value v as factor·v + offset.</summary>
    public Tensor Scaled(float factor, float offset) => this with { Values = [.. Values.Select(value => factor * value + offset)] };
}
