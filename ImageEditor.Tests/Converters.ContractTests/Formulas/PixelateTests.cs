using ImageEditor.Converters.ContractTests.Driver;
using ImageEditor.Converters.ContractTests.Pictures;

namespace ImageEditor.Converters.ContractTests.Formulas;

public sealed class PixelateTests(RunningConverters converters)
{
    private const int Default = 16;
    private const double Half = 127.5;

    public static MatrixTheoryData<string, int> Cases => new(LosslessPictures.Names.Select(row => row.Data), [2, Default, 200]);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Convert_LosslessPicture_IsTheMeanOfEachBlock(string picture, int size)
    {
        var client = await converters.ClientAsync("pixelate");
        var input = Pixels.Of(LosslessPictures.Read(picture));

        var result = Pixels.Of(await client.ConvertedAsync(LosslessPictures.Read(picture), size == Default ? "" : $"size={size}"));

        Assert.Equal(
            (input.Width, input.Height, input.Frames, input.Maximum), (result.Width, result.Height, result.Frames, result.Maximum));
        var (means, columns) = (Means(input, size), Blocks(input.Width, size));
        double Expected(int x, int y, int channel)
        {
            var mean = means[BlockOf(input, size, columns, x, y)][channel];

            // A pixel of a GIF is opaque or not there.
            return channel == Pixels.Alpha && picture.EndsWith(".gif", StringComparison.Ordinal)
                ? (mean >= Half ? byte.MaxValue : 0)
                : mean;
        }

        result.MustBeNear(Expected, tolerance: 0.5);
    }

    /// <summary>Mean red, green, blue and alpha by block, frame after frame; colours count as much as they are opaque.</summary>
    private static double[][] Means(Pixels input, int size)
    {
        var (columns, height) = (Blocks(input.Width, size), input.Height / input.Frames);
        var sums = new double[input.Frames * Blocks(height, size) * columns][];
        var counts = new int[sums.Length];
        for (var y = 0; y < input.Height; y++)
        {
            for (var x = 0; x < input.Width; x++)
            {
                var block = BlockOf(input, size, columns, x, y);
                var sum = sums[block] ??= new double[Pixels.Channels];
                counts[block]++;
                sum[Pixels.Alpha] += input.At(x, y, Pixels.Alpha);
                for (var channel = 0; channel < Pixels.Alpha; channel++)
                {
                    sum[channel] += (double)input.At(x, y, channel) * input.At(x, y, Pixels.Alpha);
                }
            }
        }

        return [.. sums.Select((sum, block) => Mean(sum, counts[block]))];

        static double[] Mean(double[] sum, int count)
        {
            var alpha = sum[Pixels.Alpha];
            return alpha == 0 ? sum : [sum[0] / alpha, sum[1] / alpha, sum[2] / alpha, alpha / count];
        }
    }

    private static int BlockOf(Pixels input, int size, int columns, int x, int y)
    {
        var height = input.Height / input.Frames;
        return (y / height * Blocks(height, size) + y % height / size) * columns + x / size;
    }

    private static int Blocks(int length, int size) => (length + size - 1) / size;
}
