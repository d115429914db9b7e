using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Images;
using ImageEditor.Converters.Pipeline;
using ImageEditor.ServiceDefaults.Problems;
using NetVips;

namespace ImageEditor.Converters.Export.Watermarks;

/// <summary>The converter <c>watermark</c>.</summary>
internal static class Watermark
{
    private const int MaxCharacters = 200;

    /// <summary>The distance from the edge, as a part of the picture's shorter side.</summary>
    private const double Margin = 0.03;

    private static readonly TextParameter Text = new(
        "text", "Text", "A line of Latin, Greek, Cyrillic and more; it is shown as it is written.", MaxCharacters);

    private static readonly ImageParameter Sign = new("picture", "Picture", "A logo, for example, in place of a text.");

    private static readonly ChoiceParameter Place = new(
        "place",
        "Place",
        "Where it is put; a little away from the edge.",
        ["bottom-right", "bottom", "bottom-left", "left", "centre", "right", "top-left", "top", "top-right"],
        @default: "bottom-right");

    private static readonly NumberParameter Size = new(
        "size", "Size", "How wide it is, as a part of the picture's width; less where it would be higher than the picture.",
        minimum: 1, maximum: 100, @default: 30)
    {
        Unit = "%",
    };

    private static readonly NumberParameter Opacity = new(
        "opacity", "Opacity", "At 100 nothing is seen through it.", minimum: 0, maximum: 100, @default: 60)
    {
        Step = 1,
        Unit = "%",
    };

    private static readonly ColourParameter Colour = new("color", "Colour", "The text's colour.", @default: "#ffffff");

    public static readonly ServedConverter Converter = new(
        new ConverterDescriptor("watermark", "Watermark", "Writes a text on the picture, or lays another picture over it.")
        {
            Category = ConverterCategory.Effect,
            Version = 1,
            Parameters = [Text, Sign, Place, Size, Opacity, Colour],
        },
        Apply);

    private static Image Apply(Conversion conversion)
    {
        var (text, sign) = (conversion.Get(Text), conversion.Get(Sign));
        if (string.IsNullOrWhiteSpace(text) == sign is null)
        {
            throw ProblemTypes.InvalidParameters.Refuse(
                sign is null
                    ? "Say what the watermark is: give a 'text', or a 'picture' as a part of the form."
                    : "The watermark is either a text or a picture. Leave out one of them.");
        }

        var image = conversion.Image;
        var (widest, highest) = Room(image, conversion.Get(Size));
        using var picture = sign is null ? Colours.AbleToShow(image, conversion.Get(Colour)) : Colours.ToRgb(image);
        using var mark = sign is null
            ? TextMark.Draw(text, widest, highest, Colours.Pixel(picture, conversion.Get(Colour)), picture)
            : PictureMark.Draw(sign, widest, highest, picture);
        using var memory = mark.CopyMemory();
        var (left, top) = At(conversion.Get(Place)!, memory, image);
        var opacity = conversion.Get(Opacity) / 100;
        return Frames.Map(picture, frame => Overlay.Put(frame, memory, left, top, opacity));
    }

    /// <summary>How large it may be: within the picture, margins and all.</summary>
    private static (int Width, int Height) Room(Image image, double percent)
    {
        var margin = 2 * MarginOf(image);
        return (
            Math.Max(1, Math.Min((int)Math.Round(image.Width * percent / 100), image.Width - margin)),
            Math.Max(1, image.PageHeight - margin));
    }

    private static int MarginOf(Image image) => (int)(Margin * Math.Min(image.Width, image.PageHeight));

    private static (int Left, int Top) At(string place, Image mark, Image image)
    {
        var margin = MarginOf(image);
        var (right, bottom) = (image.Width - mark.Width, image.PageHeight - mark.Height);
        var left = place.EndsWith("left", StringComparison.Ordinal) ? margin
            : place.EndsWith("right", StringComparison.Ordinal) ? right - margin
            : right / 2;
        var top = place.StartsWith("top", StringComparison.Ordinal) ? margin
            : place.StartsWith("bottom", StringComparison.Ordinal) ? bottom - margin
            : bottom / 2;
        return (left, top);
    }
}
