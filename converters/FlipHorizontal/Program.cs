using ImageEditor.Converters;
using ImageEditor.Converters.Descriptors;

var descriptor = new ConverterDescriptor("flip-horizontal", "Flip horizontally", "Mirrors the picture: left becomes right.")
{
    Category = ConverterCategory.Geometry,
    Version = 1,
};

Converter.Run(args, descriptor, conversion => conversion.Image.FlipHor());
