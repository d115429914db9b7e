using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Onnx;
using ImageEditor.Converters.RemoveBackground;
using ImageEditor.Converters.RemoveBackground.Networks;
using ImageEditor.ServiceDefaults.Configuration;
using Microsoft.Extensions.Options;

var background = new ChoiceParameter(
    "background",
    "Background",
    "What comes behind the person; with nothing, a JPEG becomes a PNG.",
    ["transparent", "color", "blur"],
    @default: "transparent");
var color = new ColourParameter("color", "Colour", "The colour behind the person, where the background is a colour.", @default: "#ffffff");
var force = new BooleanParameter(
    "force", "Cut anyway", "Cuts what stands in front even where nobody is recognised: an animal, or a drawing.");

var descriptor = new ConverterDescriptor(
    "remove-background",
    "Remove background",
    "Cuts people out of a picture, or puts a colour or a blur behind them. It knows people only, not animals or things.")
{
    Parameters = [background, color, force],
};

NeuralConverter.Run(
    args,
    descriptor,
    services => services.AddValidatedOptions<SegmentationOptions>(SegmentationOptions.Section),
    services =>
    {
        var models = services.GetRequiredService<ModelSet>();
        var network = SegmentationNetwork.Open(models, services.GetRequiredService<IOptions<SegmentationOptions>>().Value);
        var check = network.IsForPeople ? new PersonCheck(models) : null;
        return conversion => CutOut.Apply(
            conversion,
            network,
            check,
            Enum.Parse<Background>(conversion.Get(background)!, ignoreCase: true),
            CutOut.Colour(conversion.Get(color)),
            conversion.Get(force));
    });
