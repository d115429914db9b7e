using ImageEditor.Converters;
using ImageEditor.Converters.Thumbnail;

Converter.Run(args, SmallCopies.Descriptor, SmallCopies.Create);
