using ImageEditor.Converters;
using ImageEditor.Converters.Contrast;
using ImageEditor.Converters.Descriptors;

var amount = new NumberParameter(
    "amount",
    "Amount",
    "Above 0 light and dark move apart, below 0 together; -100 is plain grey.",
    minimum: -100,
    maximum: 100,
    @default: 30)
{
    Step = 1,
};

var descriptor = new ConverterDescriptor("contrast", "Contrast", "Strengthens or weakens the difference between light and dark.")
{
    Category = ConverterCategory.Adjust,
    Version = 1,
    Parameters = [amount],
};

Converter.Run(args, descriptor, conversion => ContrastCurve.Apply(conversion.Image, conversion.Get(amount)));
