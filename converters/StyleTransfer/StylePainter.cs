using ImageEditor.Converters.Gradients;

namespace ImageEditor.Converters.StyleTransfer;

/// <summary>How to paint.</summary>
/// <param name="Strength">From 0 to 100: how much the style outweighs the picture.</param>
/// <param name="Steps">Steps at the full size; a quarter of them come before at half of it.</param>
internal sealed record StyleSettings(double Strength, int Steps);

/// <summary>
/// Neural style transfer (Gatys, Ecker, Bethge 2016, "Image Style Transfer Using Convolutional Neural Networks"): the pixels are changed
/// until the network's layers say of the picture what they say of the photo, and their Gram matrices what they are for the style picture.
/// From coarse to fine, with Adam (Kingma, Ba 2015); total variation and jitter keep the checkerboard of the stride-2 convolutions away.
/// </summary>
internal sealed class StylePainter(StyleNetwork network, RgbPlanes style, StyleSettings settings)
{
    /// <summary>How far a step moves a colour at most; colours go from 0 to 1.</summary>
    private const float FirstStep = 0.04f;
    private const float LastStep = 0.008f;

    /// <summary>The strength from which on steps are as long as that.</summary>
    private const double FullStepStrength = 40;

    private const float FirstMoment = 0.9f;
    private const float SecondMoment = 0.99f;
    private const float AdamEpsilon = 1e-12f;

    /// <summary>The weight of total variation beside the network's gradient, which is brought to a mean magnitude of 1.</summary>
    private const float Variation = 0.35f;

    /// <summary>Pixels, the longest side from which on it is worth to begin with half of it.</summary>
    private const int MinHalvingSide = 96;

    /// <summary>Paints.</summary>
    /// <param name="photo">Colours from 0 to 1.</param>
    /// <param name="report">Receives the part of the work that is done after each step, from 0 to 1.</param>
    /// <param name="show">Receives the painting now and then.</param>
    /// <param name="cancellationToken">Stops within a step.</param>
    public RgbPlanes Paint(RgbPlanes photo, Action<double> report, Action<RgbPlanes> show, CancellationToken cancellationToken)
    {
        var sizes = Sizes(photo);
        var work = sizes.Sum(size => (double)size.Width * size.Height * size.Steps);
        var done = 0.0;

        // Adam goes as far for a faint gradient as for a strong one: where there is little style to paint, its steps are short.
        var stepFactor = Math.Min(1, settings.Strength / FullStepStrength);
        var painting = photo;
        RgbPlanes? change = null;
        foreach (var (width, height, steps) in sizes)
        {
            var content = photo.Resized(width, height);
            content.Clamp();
            painting = content.Resized(width, height);
            if (change is not null)
            {
                // Only what was painted is enlarged: the photo has its own detail at this size.
                painting.Add(change.Resized(width, height));
                painting.Clamp();
            }

            var targets = network.Targets(content, style, settings.Strength / 100, cancellationToken);
            var adam = new Adam(painting.Values.Length);
            var random = new Random(width);
            for (var step = 0; step < steps; step++)
            {
                var part = (double)step / steps;
                var gradient = Smoothing.Gaussian(network.Gradient(painting, targets, random, cancellationToken), 0.7);
                AddVariation(gradient, painting);
                adam.Step(painting.Values, gradient.Values, (float)(stepFactor * FirstStep * Math.Pow(LastStep / FirstStep, part)));
                painting.Clamp();
                done += (double)width * height;
                report(done / work);
                if ((step + 1) % Math.Max(1, steps / 4) == 0)
                {
                    show(painting);
                }
            }

            change = painting.Resized(width, height);
            change.Add(content, -1);
        }

        return painting;
    }

    private List<(int Width, int Height, int Steps)> Sizes(RgbPlanes photo)
    {
        var sizes = new List<(int, int, int)> { (photo.Width, photo.Height, settings.Steps) };
        if (Math.Max(photo.Width, photo.Height) >= MinHalvingSide)
        {
            sizes.Insert(0, ((photo.Width + 1) / 2, (photo.Height + 1) / 2, settings.Steps));
        }

        return sizes;
    }

    /// <summary>Brings the gradient to a mean magnitude of 1 and adds that of the squared differences of neighbours.</summary>
    private static void AddVariation(RgbPlanes gradient, RgbPlanes painting)
    {
        var mean = gradient.Values.Sum(Math.Abs) / gradient.Values.Length;
        var factor = mean > 0 ? 1 / mean : 0;
        var (width, height, values, sums) = (painting.Width, painting.Height, painting.Values, gradient.Values);
        for (var index = 0; index < sums.Length; index++)
        {
            var (x, y) = (index % width, index / width % height);
            var curvature = 0f;
            curvature += x > 0 ? values[index] - values[index - 1] : 0;
            curvature += x < width - 1 ? values[index] - values[index + 1] : 0;
            curvature += y > 0 ? values[index] - values[index - width] : 0;
            curvature += y < height - 1 ? values[index] - values[index + width] : 0;
            sums[index] = factor * sums[index] + Variation * curvature;
        }
    }

    private sealed class Adam(int count)
    {
        private readonly float[] _first = new float[count];
        private readonly float[] _second = new float[count];
        private int _steps;

        /// <summary>Goes down.</summary>
        public void Step(float[] values, float[] gradient, float rate)
        {
            _steps++;
            var (firstBias, secondBias) = (1 - MathF.Pow(FirstMoment, _steps), 1 - MathF.Pow(SecondMoment, _steps));
            for (var index = 0; index < values.Length; index++)
            {
                var slope = gradient[index];
                _first[index] = FirstMoment * _first[index] + (1 - FirstMoment) * slope;
                _second[index] = SecondMoment * _second[index] + (1 - SecondMoment) * slope * slope;
                values[index] -= rate * (_first[index] / firstBias) / (MathF.Sqrt(_second[index] / secondBias) + AdamEpsilon);
            }
        }
    }
}
