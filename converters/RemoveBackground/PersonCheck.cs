using ImageEditor.Converters.Faces;
using ImageEditor.Converters.Onnx;
using NetVips;

namespace ImageEditor.Converters.RemoveBackground;

/// <summary>
/// Whether what a segmentation network cut out is a person. Its own score cannot tell: it is as sure of a cat. Two other networks are
/// asked about the part that was cut out. An object detector knows people from afar and from behind, and has seen animals and vehicles,
/// too; a face detector knows those of whom little but the face is seen. Either is enough.
/// </summary>
internal sealed class PersonCheck(ModelSet models)
{
    /// <summary>
    /// The score from which it is a person; measured on 73 pictures (docs/performance.md): people have 0.15 and more, or a face; animals and
    /// things up to 0.14, apart from one frog of 0.27.
    /// </summary>
    public const double Threshold = 0.15;

    /// <summary>Pixels: the detector sees a picture squeezed into a square of this side.</summary>
    private const int Side = 300;

    /// <summary>The detector's classes, of which the first is none.</summary>
    private const int Classes = 24;
    private const int Person = 4;

    /// <summary>Bicycle, cattle, cat, vehicle, dog, car: what is often in front of a background, and no person.</summary>
    private static readonly int[] Others = [1, 6, 8, 18, 20, 23];

    /// <summary>Pixels: faces are looked for in a copy whose longer side is at most this.</summary>
    private const int FaceSide = 512;

    /// <summary>Pixels: nobody is recognised in less, and libvips finds no bounds in it.</summary>
    private const int MinSide = 3;

    /// <summary>Mask values from here on are part of what was cut out.</summary>
    private const double CutOut = 127;

    /// <summary>
    /// How sure the networks are that it is a person, from 0 to 1: the surest face's score, or how much surer the detector is of a person
    /// than of anything else; 0 where nothing was cut out, or where the picture is too small.
    /// </summary>
    /// <param name="picture">Opaque, 8 bits, RGB.</param>
    /// <param name="mask">From 0 to 255, as large as the picture; in memory.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public double Score(Image picture, Image mask, CancellationToken cancellationToken)
    {
        if (picture.Width < MinSide || picture.Height < MinSide)
        {
            return 0;
        }

        // It leaves out what is thinner than two pixels.
        using var cut = mask > CutOut;
        var bounds = cut.FindTrim(threshold: 1, background: [0]);
        var (left, top, width, height) = ((int)bounds[0], (int)bounds[1], (int)bounds[2], (int)bounds[3]);
        if (width == 0 || height == 0)
        {
            return 0;
        }

        using var part = picture.Crop(left, top, width, height);
        using var memory = part.CopyMemory();
        var score = PersonScore(memory, cancellationToken);
        return score >= Threshold ? score : Math.Max(score, FaceScore(memory, cancellationToken));
    }

    private double PersonScore(Image picture, CancellationToken cancellationToken)
    {
        using var squeezed = picture.Resize((double)Side / picture.Width, vscale: (double)Side / picture.Height);
        using var fitting = squeezed.Gravity(Enums.CompassDirection.Centre, Side, Side, extend: Enums.Extend.Copy);
        var pixels = fitting.WriteToMemory<byte>();
        var input = new Tensor(1, 3, Side, Side);
        for (var i = 0; i < pixels.Length; i++)
        {
            input.Values[i % 3 * Side * Side + i / 3] = pixels[i] / 127.5f - 1;
        }

        var scores = models["object-detector"].Run(
            new Dictionary<string, Tensor> { ["image"] = input },
            ["raw_outputs/class_predictions"],
            cancellationToken,
            releaseMemory: true)[0];
        return Math.Max(0, Surest(Person) - Others.Max(Surest));

        double Surest(int thing)
        {
            var best = float.NegativeInfinity;
            for (var i = thing; i < scores.Values.Length; i += Classes)
            {
                best = Math.Max(best, scores.Values[i]);
            }

            return 1 / (1 + Math.Exp(-best));
        }
    }

    private double FaceScore(Image part, CancellationToken cancellationToken)
    {
        using var small = part.ThumbnailImage(FaceSide, height: FaceSide, size: Enums.Size.Down);
        using var memory = small.CopyMemory();
        var faces = new FaceDetector(models["blazeface"]).Find(memory, _ => { }, cancellationToken);
        return faces.Count == 0 ? 0 : faces.Max(face => face.Score);
    }
}
