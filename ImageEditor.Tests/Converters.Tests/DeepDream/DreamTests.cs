using System.Numerics;
using ImageEditor.Converters.DeepDream;
using ImageEditor.Converters.Gradients;
using ImageEditor.Converters.Tests.Support;

namespace ImageEditor.Converters.Tests.DeepDream;

/// <summary>What DeepDream does to a photo.</summary>
public sealed class DreamTests
{
    /// <summary>The converter's defaults.</summary>
    private static readonly DreamSettings Settings = new(Strength: 60, Octaves: 4, OctaveScale: 1.4, Steps: 16, Seed: 0);

    private static readonly DreamLayer Eyes = DreamLayer.Named("eyes");

    public static TheoryData<string> Layers => [.. DreamLayer.All.Select(layer => layer.Name)];

    [Theory]
    [MemberData(nameof(Layers))]
    public void Dream_DefaultSettings_RaisesTheLayersActivationAtLeastThreefold(string name)
    {
        using var network = Networks.Dream(DreamLayer.Named(name));
        var photo = Photo.Whole("chelsea.png", 224, 338).ToPlanes();

        var dream = Dream(network, photo, Settings);

        var rise = network.Activation(dream) / network.Activation(photo);
        TestContext.Current.TestOutputHelper!.WriteLine($"{name}: {rise:0.0} times");
        Assert.True(rise >= 3, $"{name}: {rise:0.00} times");
    }

    [Fact]
    public void Dream_SameSeed_IsTheSameToTheLastBit_OtherSeedOrLayerIsNot()
    {
        using var network = Networks.Dream(Eyes);
        using var other = Networks.Dream(DreamLayer.Named("faces"));
        var photo = Photo.Whole("coffee.png", 90, 120).ToPlanes();

        var dream = Dream(network, photo, Settings).Values;

        Assert.Equal(dream, Dream(network, photo, Settings).Values);
        Assert.InRange(Difference(dream, Dream(network, photo, Settings with { Seed = 1 }).Values), 0.01, 1);
        Assert.InRange(Difference(dream, Dream(other, photo, Settings).Values), 0.01, 1);
    }

    /// <summary>Where tiles meet, a change that is tiled varies no more than one that is not.</summary>
    [Fact]
    public void Dream_InTiles_ShowsNoSeams()
    {
        using var network = Networks.Dream(DreamLayer.Named("faces"));
        var photo = Photo.Whole("chelsea.png", 300, 452).ToPlanes();
        var settings = Settings with { Octaves = 1 };

        var whole = WorstStep(photo, Dream(network, photo, settings, tile: 1024));
        var tiled = WorstStep(photo, Dream(network, photo, settings, tile: 160));

        TestContext.Current.TestOutputHelper!.WriteLine($"sharpest column or row beside the usual: whole {whole:0.00}, tiled {tiled:0.00}");
        Assert.InRange(tiled, 1, 1.25 * whole);
    }

    /// <summary>Stride-2 convolutions leave periods of 2 in a gradient, and of 4 and 8 where they follow one another.</summary>
    [Theory]
    [InlineData("mazes")]
    [InlineData("eyes")]
    [InlineData("faces")]
    [InlineData("cats")]
    public void Dream_Spectrum_HasNoPeakAtTheNetworksStrides(string name)
    {
        using var network = Networks.Dream(DreamLayer.Named(name));
        var photo = Photo.Whole("chelsea.png", 160, 256).ToPlanes();
        var dream = Dream(network, photo, Settings);
        dream.Add(photo, -1);

        foreach (var period in (int[])[2, 4, 8])
        {
            var peak = Peak(dream, period);
            TestContext.Current.TestOutputHelper!.WriteLine($"{name}, period {period}: {peak:0.00} times its surroundings");
            Assert.InRange(peak, 0, 1.8);
        }
    }

    [Fact]
    public void Dream_Cancelled_EndsBeforeTheNextRunOfTheNetwork()
    {
        using var network = Networks.Dream(Eyes);
        using var stop = new CancellationTokenSource();
        var runs = 0;
        var run = network.Running();
        var dreamer = new Dreamer(
            new TiledGradient((inputs, outputs, cancellationToken) =>
            {
                runs++;
                return run(inputs, outputs, cancellationToken);
            }),
            Settings);

        Assert.Throws<OperationCanceledException>(
            () => dreamer.Dream(Photo.Whole("coffee.png", 60, 80).ToPlanes(), _ => stop.Cancel(), _ => { }, stop.Token));

        Assert.InRange(runs, 1, 2);
    }

    [Fact]
    public void Dream_OnItsWay_ReportsEveryStepAndShowsEveryOctave()
    {
        using var network = Networks.Dream(Eyes);
        var (reports, shown) = (new List<double>(), new List<(int, int)>());

        new Dreamer(new TiledGradient(network.Running()), Settings with { Steps = 2, Octaves = 3 }).Dream(
            Photo.Whole("coffee.png", 150, 200).ToPlanes(),
            reports.Add,
            dream => shown.Add((dream.Width, dream.Height)),
            CancellationToken.None);

        Assert.Equal(6, reports.Count);
        Assert.Equal(reports.Order(), reports);
        Assert.Equal(1, reports[^1], 1e-9);
        Assert.Equal([(102, 77), (143, 107)], shown);
    }

    private static RgbPlanes Dream(Model network, RgbPlanes photo, DreamSettings settings, int tile = TiledGradient.DefaultTile) =>
        new Dreamer(new TiledGradient(network.Running(), tile), settings).Dream(photo, _ => { }, _ => { }, CancellationToken.None);

    private static double Difference(float[] one, float[] other) =>
        one.Zip(other, (left, right) => Math.Abs((double)left - right)).Average();

    /// <summary>How much a dream's change varies from one column or row to the next: the most, beside the usual.</summary>
    private static double WorstStep(RgbPlanes photo, RgbPlanes dream)
    {
        dream.Add(photo, -1);
        var (width, height, values) = (dream.Width, dream.Height, dream.Values);
        var columns = Enumerable.Range(1, width - 1)
            .Select(x => Enumerable.Range(0, 3 * height).Average(row => Math.Abs(values[row * width + x] - values[row * width + x - 1])));
        var rows = Enumerable.Range(1, height - 1)
            .Select(y => Enumerable.Range(0, 3 * width).Average(place => Math.Abs(ValueAt(place, y) - ValueAt(place, y - 1))));
        return Math.Max(columns.Max() / Median(columns), rows.Max() / Median(rows));

        float ValueAt(int place, int y) => values[(place / width * height + y) * width + place % width];
    }

    private static double Median(IEnumerable<float> values) => values.Order().ElementAt(values.Count() / 2);

    /// <summary>The power of a period across and down, beside that of periods a little longer and shorter.</summary>
    private static double Peak(RgbPlanes change, int period)
    {
        var (width, height, values) = (change.Width, change.Height, change.Values);
        var across = Enumerable.Range(0, 3 * height).Select(row => values[(row * width)..((row + 1) * width)]).ToArray();
        var down = Enumerable.Range(0, 3 * width).Select(place => Enumerable.Range(0, height)
            .Select(y => values[(place / width * height + y) * width + place % width]).ToArray()).ToArray();
        return Math.Max(Peak(across, width / period), Peak(down, height / period));
    }

    private static double Peak(float[][] lines, int frequency)
    {
        int[] around =
            [.. new[] { -5, -4, -3, -2, 2, 3, 4, 5 }.Select(away => frequency + away).Where(near => near <= lines[0].Length / 2)];
        return Power(lines, frequency) / around.Average(near => Power(lines, near));
    }

    private static double Power(float[][] lines, int frequency) => lines.Average(line =>
    {
        var sum = Complex.Zero;
        for (var x = 0; x < line.Length; x++)
        {
            sum += line[x] * Complex.FromPolarCoordinates(1, -2 * Math.PI * frequency * x / line.Length);
        }

        return sum.Magnitude * sum.Magnitude;
    });
}
