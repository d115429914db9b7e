using ImageEditor.Converters;
using ImageEditor.Converters.Geometry;

Converter.Run(args, Crop.Converter, Rotate.Converter, FlipVertical.Converter, Resize.Converter);
