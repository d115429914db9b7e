using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Onnx;
using ImageEditor.Converters.StyleTransfer;

var style = new ChoiceParameter(
    "style",
    "Style",
    "How it is painted, unless there is a style picture.",
    [.. StylePicture.All.Select(picture => picture.Name)],
    @default: "swirls");
var own = new ImageParameter("stylePicture", "Style picture", "A picture of your own whose style is taken.");
var strength = new NumberParameter(
    "strength", "Strength", "How much the style outweighs the picture.", minimum: 0, maximum: 100, @default: 60)
{
    Step = 1,
};
var steps = new NumberParameter("steps", "Steps", "More steps come closer to the style.", minimum: 5, maximum: 200, @default: 50)
{
    Step = 1,
};

var descriptor = new ConverterDescriptor("style-transfer", "Style transfer", "Paints the picture anew in the style of another.")
{
    Category = ConverterCategory.Neural,
    Version = 1,
    Parameters = [style, own, strength, steps],
};

NeuralConverter.Run(args, descriptor, (conversion, models) => StyleConversion.Apply(
    conversion,
    models,
    conversion.Get(own),
    conversion.Get(style)!,
    new StyleSettings(conversion.Get(strength), (int)conversion.Get(steps))));
