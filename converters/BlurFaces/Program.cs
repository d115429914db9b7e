using ImageEditor.Converters.BlurFaces;
using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Onnx;

var strength = new NumberParameter(
    "strength", "Strength", "How coarse the blur is; at 0, too, nobody can be recognised.", minimum: 0, maximum: 100, @default: 50)
{
    Step = 1,
};

var descriptor = new ConverterDescriptor("blur-faces", "Blur faces", "Finds faces and blurs them so that they cannot be brought back.")
{
    Parameters = [strength],
};

NeuralConverter.Run(args, descriptor, (conversion, models) => FaceBlur.Apply(conversion, models, conversion.Get(strength)));
