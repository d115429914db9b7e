using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Images;
using ImageEditor.Converters.Pipeline;
using NetVips;

namespace ImageEditor.Converters.Geometry;

/// <summary>The converter <c>rotate</c>.</summary>
internal static class Rotate
{
    private const string Transparent = "transparent";

    private static readonly NumberParameter Angle = new(
        "angle", "Angle", "Clockwise. A quarter turn keeps every pixel.", minimum: -180, maximum: 180, @default: 90)
    {
        Step = 0.1,
        Unit = "°",
    };

    private static readonly ChoiceParameter Fit = new(
        "fit",
        "Fit",
        "Between quarter turns: crop keeps the largest part without empty corners, expand keeps all and shows a ground in the corners.",
        ["crop", "expand"],
        @default: "crop");

    private static readonly ChoiceParameter Background = new(
        "background", "Background", "What the corners show, with expand.", ["color", Transparent], @default: "color");

    private static readonly ColourParameter Colour = new("color", "Colour", "The corners' colour, with expand.", @default: "#ffffff");

    public static readonly ServedConverter Converter = new(
        new ConverterDescriptor("rotate", "Rotate", "Turns the picture by quarters, or by any angle to straighten it.")
        {
            Category = ConverterCategory.Geometry,
            Version = 1,
            Parameters = [Angle, Fit, Background, Colour],
            ResultSize = ResultSize.SameAsInput.WhileDefault(Fit),
            AddsAlpha = true,
        },
        Apply);

    private static Image Apply(Conversion conversion)
    {
        var angle = conversion.Get(Angle);
        if (QuarterTurn(angle) is { } quarters)
        {
            return quarters == Enums.Angle.D0 ? conversion.Image.Copy() : Frames.Map(conversion.Image, frame =>
            {
                using var memory = frame.CopyMemory();
                return memory.Rot(quarters);
            });
        }

        var image = conversion.Image;
        var turn = new Turn(image.Width, image.PageHeight, angle);
        var isExpanded = conversion.Get(Fit) == "expand";
        var (width, height) = isExpanded ? turn.Around : turn.Within;
        conversion.EnsureResultFits(width, height, image.Height / image.PageHeight);
        if (!isExpanded)
        {
            return Frames.Map(image, frame => Turned(frame, turn, width, height, ground: null));
        }

        conversion.NeedsAlpha = conversion.Get(Background) == Transparent;
        using var picture = conversion.NeedsAlpha && !image.HasAlpha() ? image.AddAlpha() : image.Copy();
        using var coloured = conversion.NeedsAlpha ? picture.Copy() : Colours.AbleToShow(picture, conversion.Get(Colour));
        var ground = conversion.NeedsAlpha ? new double[picture.Bands] : Colours.Pixel(coloured, conversion.Get(Colour));
        return Frames.Map(coloured, frame => Turned(frame, turn, width, height, ground));
    }

    /// <summary>Null between the quarters.</summary>
    private static Enums.Angle? QuarterTurn(double angle) => angle switch
    {
        0 => Enums.Angle.D0,
        90 => Enums.Angle.D90,
        -90 => Enums.Angle.D270,
        180 or -180 => Enums.Angle.D180,
        _ => null,
    };

    /// <param name="frame">One frame.</param>
    /// <param name="turn">How it is turned.</param>
    /// <param name="width">Pixels of the result, whose middle is the frame's.</param>
    /// <param name="height">Pixels of the result.</param>
    /// <param name="ground">What is seen beside the frame; null where all of the result is within it.</param>
    private static Image Turned(Image frame, Turn turn, int width, int height, double[]? ground)
    {
        using var memory = frame.CopyMemory();
        using var bicubic = Interpolate.NewFromName("bicubic");
        var (x, y) = turn.OffsetTo(width, height);
        using var turned = Premultiplied.Map(memory, picture => picture.Affine(
            [turn.Cosine, -turn.Sine, turn.Sine, turn.Cosine],
            interpolate: bicubic,
            oarea: [0, 0, width, height],
            odx: x,
            ody: y,
            background: ground,
            premultiplied: true,
            extend: ground is null ? Enums.Extend.Copy : Enums.Extend.Background));
        return turned.Copy(xoffset: 0, yoffset: 0);
    }
}
