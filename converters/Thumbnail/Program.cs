using ImageEditor.Converters;

const int longestSide = 512;

var descriptor = new ConverterDescriptor("thumbnail", "Thumbnail", $"Makes the picture small enough for a gallery: WebP, at most {longestSide} pixels wide and high, the first frame.")
{
    Public = false,
    Format = "webp",
};

Converter.Run(args, descriptor, conversion => conversion.Thumbnail(longestSide));
