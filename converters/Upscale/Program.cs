using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Onnx;
using ImageEditor.Converters.Upscale;

var scale = new ChoiceParameter("scale", "Scale", "How many times as wide and high the result is.", ["2", "4"], @default: "2");

var descriptor = new ConverterDescriptor(
    "upscale", "Upscale", "Enlarges a picture and draws the detail that enlarging alone would leave blurred.")
{
    Category = ConverterCategory.Neural,
    Version = 1,
    Parameters = [scale],
    ResultSize = ResultSize.Scaled(scale),
};

NeuralConverter.Run(args, descriptor, (conversion, models) => Upscaler.Apply(conversion, models, conversion.Get(scale) == "4" ? 4 : 2));
