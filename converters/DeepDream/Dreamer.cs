using System.Numerics.Tensors;
using ImageEditor.Converters.Gradients;

namespace ImageEditor.Converters.DeepDream;

/// <summary>How to dream.</summary>
/// <param name="Strength">From 1 to 100: how far each step goes.</param>
/// <param name="Octaves">How many sizes are dreamt on, at most.</param>
/// <param name="OctaveScale">How many times as large each is as the one before.</param>
/// <param name="Steps">Steps on each.</param>
/// <param name="Seed">Decides the jitter.</param>
internal sealed record DreamSettings(double Strength, int Octaves, double OctaveScale, int Steps, int Seed);

/// <summary>
/// DeepDream (Mordvintsev, Olah, Tyka 2015, "Inceptionism"): gradient ascent on a layer's activation, from a small copy of the picture to a
/// large one, each beginning with the enlarged change of the one before, so that no detail of the picture is lost.
/// </summary>
internal sealed class Dreamer(TiledGradient gradient, DreamSettings settings)
{
    /// <summary>How far an octave's first and last step of strength 100 move a colour on average; colours go from 0 to 1.</summary>
    private const double FirstStep = 0.022;
    private const double LastStep = 0.002;

    /// <summary>Pixels, the longest side that is worth an octave of its own.</summary>
    private const int SmallestOctave = 64;

    /// <summary>The smoothing of the gradient at an octave's first and last step: standard deviations in pixels.</summary>
    private const double FirstSmoothing = 1.2;
    private const double LastSmoothing = 0.6;

    /// <summary>Dreams.</summary>
    /// <param name="picture">Colours from 0 to 1.</param>
    /// <param name="report">Receives the part of the work that is done after each step, from 0 to 1.</param>
    /// <param name="show">Receives the dream after each octave but the last.</param>
    /// <param name="cancellationToken">Stops the dream within a step.</param>
    public RgbPlanes Dream(RgbPlanes picture, Action<double> report, Action<RgbPlanes> show, CancellationToken cancellationToken)
    {
        var random = new Random(settings.Seed);
        var sizes = Sizes(picture.Width, picture.Height);
        var work = sizes.Sum(Pixels);
        var done = 0.0;
        var dream = picture;
        RgbPlanes? change = null;
        foreach (var (width, height) in sizes)
        {
            var original = picture.Resized(width, height);
            original.Clamp();
            dream = original.Resized(width, height);
            if (change is not null)
            {
                dream.Add(change.Resized(width, height));
                dream.Clamp();
            }

            for (var step = 0; step < settings.Steps; step++)
            {
                Ascend(dream, random, (double)step / Math.Max(1, settings.Steps - 1), cancellationToken);
                done += Pixels((width, height)) / settings.Steps;
                report(done / work);
            }

            if ((width, height) != sizes[^1])
            {
                show(dream);
            }

            change = dream.Resized(width, height);
            change.Add(original, -1);
        }

        return dream;
    }

    private void Ascend(RgbPlanes dream, Random random, double part, CancellationToken cancellationToken)
    {
        var raw = gradient.Of(dream, random, cancellationToken);
        var smooth = Smoothing.Gaussian(raw, FirstSmoothing + part * (LastSmoothing - FirstSmoothing));
        var mean = TensorPrimitives.SumOfMagnitudes(smooth.Values) / smooth.Values.Length;
        if (mean > 0)
        {
            var step = FirstStep + part * (LastStep - FirstStep);
            dream.Add(smooth, (float)(settings.Strength / 100 * step / mean));
            dream.Clamp();
        }
    }

    /// <summary>From small to large, the picture's own size last.</summary>
    private List<(int Width, int Height)> Sizes(int width, int height)
    {
        var sizes = new List<(int, int)> { (width, height) };
        for (var octave = 1; octave < settings.Octaves; octave++)
        {
            var scale = Math.Pow(settings.OctaveScale, -octave);
            if (Math.Max(width, height) * scale < SmallestOctave)
            {
                break;
            }

            sizes.Insert(0, (Math.Max(1, (int)Math.Round(width * scale)), Math.Max(1, (int)Math.Round(height * scale))));
        }

        return sizes;
    }

    private static double Pixels((int Width, int Height) size) => (double)size.Width * size.Height;
}
