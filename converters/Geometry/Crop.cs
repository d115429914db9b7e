using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Images;
using ImageEditor.Converters.Pipeline;
using ImageEditor.ServiceDefaults.Problems;
using NetVips;

namespace ImageEditor.Converters.Geometry;

/// <summary>The converter <c>crop</c>.</summary>
internal static class Crop
{
    private const string Centre = "centre";
    private const string Smart = "smart";

    private static readonly BoxParameter Cut = new(
        "box",
        "Box",
        "What is kept: left, top, width and height in pixels. What reaches beyond the picture is left out.");

    private static readonly OptionalNumberParameter Width = Side.Parameter("width", "Width", "How much is kept across; all without it.");

    private static readonly OptionalNumberParameter Height = Side.Parameter("height", "Height", "How much is kept down; all without it.");

    private static readonly ChoiceParameter Ratio = new(
        "ratio",
        "Ratio",
        "Width to height of what is kept, which is as large as fits into the picture.",
        ["1:1", "5:4", "4:3", "3:2", "16:9", "2:1", "4:5", "3:4", "2:3", "9:16", "1:2"]);

    private static readonly ChoiceParameter Place = new(
        "place",
        "Place",
        "Which part of the picture is kept, with a width, a height or a ratio; smart looks for what catches the eye.",
        [Centre, "top", "bottom", "left", "right", "top-left", "top-right", "bottom-left", "bottom-right", Smart],
        @default: Centre);

    public static readonly ServedConverter Converter = new(
        new ConverterDescriptor("crop", "Crop", "Keeps a part of the picture: a box, a size or a ratio.")
        {
            Category = ConverterCategory.Geometry,
            Version = 1,
            Parameters = [Ratio, Width, Height, Place, Cut],
        },
        Apply);

    private static Image Apply(Conversion conversion)
    {
        var (width, height) = (conversion.Image.Width, conversion.Image.PageHeight);
        if (conversion.Get(Cut) is { } box)
        {
            RefuseBeside(box, conversion);
            return Keep(conversion.Image, Within(box, width, height));
        }

        var size = SizeOf(conversion, width, height);
        if (conversion.Get(Place) == Smart)
        {
            using var memory = conversion.Image.CopyMemory();
            return Keep(memory, MostInteresting(memory, size.Width, size.Height));
        }

        return Keep(conversion.Image, At(conversion.Get(Place)!, size.Width, size.Height, width, height));
    }

    private static void RefuseBeside(Box box, Conversion conversion)
    {
        if (conversion.Get(Ratio) is not null || conversion.Get(Width) is not null || conversion.Get(Height) is not null)
        {
            throw ProblemTypes.InvalidParameters.Refuse(
                $"The box [{box.X},{box.Y},{box.Width},{box.Height}] says already what is kept. "
                + "Leave out ratio, width and height, or the box.");
        }
    }

    /// <summary>The part of a box that lies in the picture.</summary>
    private static Box Within(Box box, int width, int height) =>
        box.X < width && box.Y < height
            ? new Box(box.X, box.Y, Math.Min(box.Width, width - box.X), Math.Min(box.Height, height - box.Y))
            : throw ProblemTypes.InvalidParameters.Refuse(
                $"The parameter 'box' must be within the picture, which has {width} × {height} pixels; "
                + $"it was '[{box.X},{box.Y},{box.Width},{box.Height}]'.");

    /// <summary>How much is kept: never more than there is.</summary>
    private static (int Width, int Height) SizeOf(Conversion conversion, int width, int height)
    {
        var (askedWidth, askedHeight) = (Side.Get(conversion, Width), Side.Get(conversion, Height));
        var (widest, highest) = (Math.Min(askedWidth ?? width, width), Math.Min(askedHeight ?? height, height));
        if (conversion.Get(Ratio) is not { } ratio)
        {
            return (widest, highest);
        }

        if (askedWidth is not null && askedHeight is not null)
        {
            throw ProblemTypes.InvalidParameters.Refuse(
                $"A width of {askedWidth} and a height of {askedHeight} say the ratio already. Leave out one of them, or the ratio.");
        }

        var parts = ratio.Split(':');
        var (across, down) = (int.Parse(parts[0]), int.Parse(parts[1]));
        var unit = Math.Min((double)widest / across, (double)highest / down);
        return (Rounded(unit * across), Rounded(unit * down));

        static int Rounded(double side) => Math.Max(1, (int)Math.Round(side));
    }

    private static Box At(string place, int width, int height, int pictureWidth, int pictureHeight)
    {
        var (right, bottom) = (pictureWidth - width, pictureHeight - height);
        var left = place.EndsWith("left", StringComparison.Ordinal) ? 0
            : place.EndsWith("right", StringComparison.Ordinal) ? right
            : right / 2;
        var top = place.StartsWith("top", StringComparison.Ordinal) ? 0
            : place.StartsWith("bottom", StringComparison.Ordinal) ? bottom
            : bottom / 2;
        return new Box(left, top, width, height);
    }

    /// <summary>Where libvips finds edges, skin and strong colours: in the first frame, for all frames alike.</summary>
    private static Box MostInteresting(Image memory, int width, int height)
    {
        using var first = memory.Crop(0, 0, memory.Width, memory.PageHeight);
        using var found = first.Smartcrop(width, height, interesting: Enums.Interesting.Attention);
        return new Box(-found.Xoffset, -found.Yoffset, width, height);
    }

    private static Image Keep(Image image, Box box) => Frames.Map(image, frame => frame.Crop(box.X, box.Y, box.Width, box.Height));
}
