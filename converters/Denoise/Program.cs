using ImageEditor.Converters.Denoise;
using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Onnx;

var level = new NumberParameter(
    "level", "Level", "How much noise there is to take out: 0 is a little, 3 a lot.", minimum: 0, maximum: 3, @default: 2)
{
    Step = 1,
};

var descriptor = new ConverterDescriptor(
    "denoise", "Denoise", "Takes noise and the blocks and ripples of JPEG compression out of a picture.")
{
    Category = ConverterCategory.Neural,
    Version = 1,
    Parameters = [level],
};

NeuralConverter.Run(args, descriptor, (conversion, models) => Denoiser.Apply(conversion, models, (int)conversion.Get(level)));
