using ImageEditor.Converters;
using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Grayscale;

var descriptor = new ConverterDescriptor("grayscale", "Grayscale", "Takes the colour out and keeps how bright each point looks.")
{
    Category = ConverterCategory.Adjust,
    Version = 1,
};

Converter.Run(args, descriptor, conversion => Luminance.Of(conversion.Image));
