using ImageEditor.Converters.Gradients;

namespace ImageEditor.Converters.StyleTransfer;

/// <summary>
/// The style pictures that come with the converter. This code draws them, by rules and random numbers, so nobody else has rights in them.
/// </summary>
internal sealed record StylePicture(string Name, Func<RgbPlanes> Draw)
{
    private const int Side = 384;

    /// <summary>All of them, in the order in which a form shows them.</summary>
    public static IReadOnlyList<StylePicture> All { get; } =
    [
        new(
            "swirls",
            () =>
                Strokes(
                    seed: 3,
                    turns: 2.2,
                    scale: 90,
                    length: 46,
                    radius: 2.6,
                    count: 5200,
                    ["#12235a", "#1d3f8f", "#2f6fb5", "#6fb0d8", "#f3d35b", "#f7ecb0", "#0b1637"])),
        new(
            "embers",
            () =>
                Strokes(
                    seed: 8,
                    turns: 1.3,
                    scale: 140,
                    length: 26,
                    radius: 4.2,
                    count: 3600,
                    ["#3a0d12", "#7d1a1a", "#c8401d", "#ee7d2b", "#f8c25c", "#20263a", "#fbe7b4"])),
        new(
            "dabs",
            () =>
                Strokes(
                    seed: 5,
                    turns: 0.8,
                    scale: 60,
                    length: 5,
                    radius: 3.4,
                    count: 14000,
                    ["#2e6f57", "#74a857", "#c7d36f", "#e9c8d6", "#b8679b", "#5a4b8a", "#f2efe0", "#3c88b0"])),
        new(
            "ink",
            () =>
                Strokes(
                    seed: 11,
                    turns: 1.0,
                    scale: 120,
                    length: 60,
                    radius: 1.1,
                    count: 1500,
                    ["#151312", "#2a2622", "#4a423a"],
                    paper: "#efe6d2")),
        new(
            "mosaic",
            () =>
                Mosaic(
                    seed: 2,
                    cells: 900,
                    ["#0f5257", "#1b998b", "#f4d06f", "#ff8811", "#9dd9d2", "#fff8f0", "#392f5a", "#c84c4c"],
                    joint: "#2b2622")),
    ];

    private static readonly Dictionary<string, Lazy<RgbPlanes>> Drawn = All.ToDictionary(
        picture => picture.Name, picture => new Lazy<RgbPlanes>(picture.Draw));

    /// <summary>A picture by its name, drawn when it is first asked for.</summary>
    public static RgbPlanes Named(string name) => Drawn[name].Value;

    /// <summary>Brush strokes that follow a field of directions.</summary>
    private static RgbPlanes Strokes(
        int seed, double turns, double scale, double length, double radius, int count, string[] palette, string? paper = null)
    {
        var random = new Random(seed);
        var direction = new Noise(random);
        var tone = new Noise(random);
        var picture = new RgbPlanes(Side, Side);
        Fill(picture, Colour(paper ?? palette[0]));
        for (var stroke = 0; stroke < count; stroke++)
        {
            var (x, y) = (random.NextDouble() * Side, random.NextDouble() * Side);
            var place = Math.Clamp(tone.At(x / scale, y / scale) + 0.22 * (random.NextDouble() - 0.5), 0, 0.999);
            var colour = Colour(palette[(int)(place * palette.Length)]);
            var light = (float)(0.85 + 0.3 * random.NextDouble());
            var width = radius * (0.6 + 0.8 * random.NextDouble());
            for (var step = 0; step < length; step++)
            {
                // Thin at both ends, as a brush is.
                var thickness = width * Math.Sqrt(Math.Sin(Math.PI * (step + 0.5) / length));
                Dab(picture, x, y, thickness, [.. colour.Select(part => part * light)]);
                var angle = 2 * Math.PI * turns * direction.At(x / scale, y / scale);
                (x, y) = (x + Math.Cos(angle), y + Math.Sin(angle));
            }
        }

        return picture;
    }

    /// <summary>Stones of one colour each (Voronoi cells) with joints between them.</summary>
    private static RgbPlanes Mosaic(int seed, int cells, string[] palette, string joint)
    {
        const double JointWidth = 1.6;
        var random = new Random(seed);
        var tone = new Noise(random);
        var stones = Enumerable.Range(0, cells).Select(_ => (X: random.NextDouble() * Side, Y: random.NextDouble() * Side)).ToArray();
        var colours = stones.Select(stone =>
        {
            var place = Math.Clamp(tone.At(stone.X / 110, stone.Y / 110) + 0.3 * (random.NextDouble() - 0.5), 0, 0.999);
            return Colour(palette[(int)(place * palette.Length)])
                .Select(part => part * (float)(0.85 + 0.3 * random.NextDouble()))
                .ToArray();
        }).ToArray();
        var picture = new RgbPlanes(Side, Side);
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                var (nearest, first, second) = (0, double.MaxValue, double.MaxValue);
                for (var stone = 0; stone < cells; stone++)
                {
                    var distance = Math.Sqrt((stones[stone].X - x) * (stones[stone].X - x) + (stones[stone].Y - y) * (stones[stone].Y - y));
                    (nearest, first, second) = distance < first ? (stone, distance, first) : (nearest, first, Math.Min(second, distance));
                }

                Set(picture, x, y, second - first < JointWidth ? Colour(joint) : colours[nearest], 1);
            }
        }

        return picture;
    }

    private static void Dab(RgbPlanes picture, double x, double y, double radius, float[] colour)
    {
        for (var row = (int)Math.Floor(y - radius); row <= y + radius + 1; row++)
        {
            for (var column = (int)Math.Floor(x - radius); column <= x + radius + 1; column++)
            {
                var distance = Math.Sqrt((column - x) * (column - x) + (row - y) * (row - y));
                if (row is >= 0 and < Side && column is >= 0 and < Side && distance < radius + 0.5)
                {
                    Set(picture, column, row, colour, (float)Math.Clamp(radius + 0.5 - distance, 0, 1));
                }
            }
        }
    }

    private static void Fill(RgbPlanes picture, float[] colour)
    {
        for (var place = 0; place < Side * Side; place++)
        {
            Set(picture, place % Side, place / Side, colour, 1);
        }
    }

    private static void Set(RgbPlanes picture, int x, int y, float[] colour, float cover)
    {
        for (var channel = 0; channel < 3; channel++)
        {
            ref var value = ref picture.Values[(channel * Side + y) * Side + x];
            value += cover * (Math.Clamp(colour[channel], 0, 1) - value);
        }
    }

    private static float[] Colour(string hex) => [.. Convert.FromHexString(hex[1..]).Select(part => part / 255f)];

    /// <summary>Smooth chance: values at whole places, interpolated between them (value noise).</summary>
    private sealed class Noise
    {
        private const int Period = 64;

        private readonly double[] _values;

        public Noise(Random random) => _values = [.. Enumerable.Range(0, Period * Period).Select(_ => random.NextDouble())];

        /// <summary>From 0 to 1.</summary>
        public double At(double x, double y)
        {
            var (left, top) = ((int)Math.Floor(x), (int)Math.Floor(y));
            var (across, down) = (Smooth(x - left), Smooth(y - top));
            var above = Value(left, top) + across * (Value(left + 1, top) - Value(left, top));
            var below = Value(left, top + 1) + across * (Value(left + 1, top + 1) - Value(left, top + 1));
            return above + down * (below - above);
        }

        private double Value(int x, int y) => _values[((y % Period + Period) % Period * Period) + (x % Period + Period) % Period];

        private static double Smooth(double part) => part * part * (3 - 2 * part);
    }
}
