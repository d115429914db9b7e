using ImageEditor.Converters.DeepDream;
using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Onnx;

var layer = new ChoiceParameter(
    "layer",
    "Layer",
    "What the network brings out: patterns from its first layers, things from its later ones.",
    [.. DreamLayer.All.Select(known => known.Name)],
    @default: "eyes");
var strength = new NumberParameter("strength", "Strength", "How far each step goes.", minimum: 1, maximum: 100, @default: 60)
{
    Step = 1,
};
var octaves = new NumberParameter(
    "octaves", "Octaves", "On how many sizes of the picture it dreams: more make larger shapes.", minimum: 1, maximum: 8, @default: 4)
{
    Step = 1,
};
var octaveScale = new NumberParameter(
    "octaveScale", "Octave scale", "How many times as large each size is as the one before.", minimum: 1.1, maximum: 2, @default: 1.4);
var steps = new NumberParameter("steps", "Steps", "Steps on each size.", minimum: 1, maximum: 40, @default: 16)
{
    Step = 1,
};
var seed = new NumberParameter("seed", "Seed", "The same seed dreams the same dream.", minimum: 0, maximum: 9999, @default: 0)
{
    Step = 1,
};

var descriptor = new ConverterDescriptor(
    "deepdream", "DeepDream", "Lets a neural network see things in the picture, and draws what it sees.")
{
    Category = ConverterCategory.Neural,
    Version = 1,
    Parameters = [layer, strength, octaves, octaveScale, steps, seed],
};

NeuralConverter.Run(args, descriptor, (conversion, models) => DreamConversion.Apply(
    conversion,
    DreamLayer.Named(conversion.Get(layer)!).Gradient(models),
    new DreamSettings(
        conversion.Get(strength),
        (int)conversion.Get(octaves),
        conversion.Get(octaveScale),
        (int)conversion.Get(steps),
        (int)conversion.Get(seed))));
