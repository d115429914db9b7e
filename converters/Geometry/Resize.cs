using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Images;
using ImageEditor.Converters.Pipeline;
using ImageEditor.ServiceDefaults.Problems;
using NetVips;

namespace ImageEditor.Converters.Geometry;

/// <summary>The converter <c>resize</c>.</summary>
internal static class Resize
{
    private const double Whole = 100;

    /// <summary>Pixels of a side before it is cut: far less than libvips can count, far more than a picture needs.</summary>
    private const int MaxScaledSide = 1_000_000;

    private static readonly OptionalNumberParameter Width = Side.Parameter(
        "width", "Width", "Of the result; it follows from the height without it.");

    private static readonly OptionalNumberParameter Height = Side.Parameter(
        "height", "Height", "Of the result; it follows from the width without it.");

    private static readonly NumberParameter Percent = new(
        "percent", "Percent", "Of width and height, where neither is given in pixels.", minimum: 1, maximum: 1000, @default: Whole)
    {
        Unit = "%",
    };

    private static readonly ChoiceParameter Mode = new(
        "mode",
        "Mode",
        "With width and height: fit keeps all of the picture within them, fill covers them and cuts off what is over, exact distorts.",
        ["fit", "fill", "exact"],
        @default: "fit");

    private static readonly BooleanParameter Enlarge = new(
        "enlarge", "Enlarge", "Whether the picture may become larger than it is; if not, it stays as it is.");

    public static readonly ServedConverter Converter = new(
        new ConverterDescriptor("resize", "Resize", "Makes the picture smaller, sharply, or larger when that is asked for.")
        {
            Category = ConverterCategory.Geometry,
            Version = 1,
            Parameters = [Width, Height, Percent, Mode, Enlarge],
            ResultSize = ResultSize.SameAsInput.WhileDefault(Enlarge),
        },
        Apply);

    private static Image Apply(Conversion conversion)
    {
        var (width, height) = (Side.Get(conversion, Width), Side.Get(conversion, Height));
        var percent = conversion.Get(Percent);
        if (percent != Whole && (width is not null || height is not null))
        {
            throw ProblemTypes.InvalidParameters.Refuse(
                $"The size was given in pixels and as {percent} percent. Leave out the percentage, or width and height.");
        }

        var image = conversion.Image;
        var plan = ResizePlan.Of(
            image.Width, image.PageHeight, width, height, percent / Whole, conversion.Get(Mode)!, conversion.Get(Enlarge));
        if (plan.WasHeldBack)
        {
            conversion.ResultInfo["notice"] =
                $"The picture has {image.Width} × {image.PageHeight} pixels, and was not made larger; enlarge=true does.";
        }

        if (plan.ChangesNothing)
        {
            return image.Copy();
        }

        conversion.EnsureResultFits(plan.Width, plan.Height, image.Height / image.PageHeight);
        if (Math.Max(plan.ScaledWidth, plan.ScaledHeight) > MaxScaledSide)
        {
            throw ProblemTypes.SideTooLong.Refuse(
                $"A size of {plan.Width} × {plan.Height} pixels cannot be filled with a picture of {image.Width} × {image.PageHeight}: "
                + "almost all of it would be cut off. Crop it first, or choose a size that is more like it.");
        }

        return Frames.Map(image, frame => Scale(frame, plan));
    }

    private static Image Scale(Image frame, ResizePlan plan)
    {
        using var light = Light.Of(frame);
        using var scaled = Premultiplied.Change(light, picture => picture.Resize(
            (double)plan.ScaledWidth / frame.Width, vscale: (double)plan.ScaledHeight / frame.Height, kernel: Enums.Kernel.Lanczos3));
        using var cut = scaled.Crop(
            (plan.ScaledWidth - plan.Width) / 2, (plan.ScaledHeight - plan.Height) / 2, plan.Width, plan.Height);
        return Light.Encode(cut, frame);
    }
}
