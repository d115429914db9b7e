using ImageEditor.Converters.BlurFaces;
using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Onnx;

var strength = new NumberParameter(
    "strength", "Strength", "How coarse the blur is; at 0, too, nobody can be recognised.", minimum: 0, maximum: 100, @default: 50)
{
    Step = 1,
};
var add = new BoxesParameter("add", "Blur besides", "Faces that were missed: all of each box is blurred, too.");
var leave = new BoxesParameter("leave", "Leave as they are", "Found faces that are not blurred, or that are no faces.");

var descriptor = new ConverterDescriptor("blur-faces", "Blur faces", "Finds faces and blurs them so that they cannot be brought back.")
{
    Category = ConverterCategory.Neural,
    Version = 1,
    Parameters = [strength, add, leave],
};

NeuralConverter.Run(args, descriptor, (conversion, models) => FaceBlur.Apply(
    conversion, models, conversion.Get(strength), conversion.Get(add), conversion.Get(leave)));
