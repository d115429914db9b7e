using ImageEditor.Converters;
using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Thumbnail;

const int maxSide = 512;

var descriptor = new ConverterDescriptor(
    "thumbnail",
    "Thumbnail",
    $"Makes the picture small enough for a gallery: WebP, at most {maxSide} pixels wide and high, the first frame.")
{
    Category = ConverterCategory.File,
    Version = 1,
    Public = false,
    Format = "webp",
};

Converter.Run(args, descriptor, conversion => Thumbnails.Create(conversion, maxSide));
