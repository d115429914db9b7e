using NetVips;

namespace ImageEditor.Converters.ContractTests.Pictures;

/// <summary>What a file's header says of its picture.</summary>
/// <param name="Width">Pixels, upright.</param>
/// <param name="Height">Pixels, upright, all frames together.</param>
/// <param name="Maximum">The largest value: 255 or 65535.</param>
internal sealed record Shape(int Width, int Height, int Maximum)
{
    public static Shape Of(byte[] file)
    {
        using var image = Pixels.Open(file);
        using var upright = image.Autorot();
        return new Shape(upright.Width, upright.Height, image.Format == Enums.BandFormat.Ushort ? ushort.MaxValue : byte.MaxValue);
    }
}
