using ImageEditor.Converters;
using ImageEditor.Converters.Export.Sizes;
using ImageEditor.Converters.Export.Watermarks;

Converter.Run(args, Watermark.Converter, Compress.Converter);
