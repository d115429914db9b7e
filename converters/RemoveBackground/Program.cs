using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Onnx;
using ImageEditor.Converters.RemoveBackground;

var background = new ChoiceParameter(
    "background",
    "Background",
    "What comes behind the person; with nothing, a JPEG becomes a PNG.",
    ["transparent", "color", "blur"],
    @default: "transparent");
var color = new ColourParameter("color", "Colour", "The colour behind the person, where the background is a colour.", @default: "#ffffff");

var descriptor = new ConverterDescriptor(
    "remove-background", "Remove background", "Cuts people out of a picture, or puts a colour or a blur behind them.")
{
    Parameters = [background, color],
};

NeuralConverter.Run(args, descriptor, (conversion, models) =>
    CutOut.Apply(
        conversion, models, Enum.Parse<Background>(conversion.Get(background)!, ignoreCase: true), CutOut.Colour(conversion.Get(color))));
