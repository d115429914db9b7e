using NetVips;

namespace ImageEditor.Converters.Tests.Support;

/// <summary>Shared photos as tensors 1×3×H×W of RGB in [0, 1].</summary>
internal static class Photo
{
    /// <summary>The photo in a size of its own.</summary>
    public static Tensor Whole(string name, int height, int width)
    {
        using var image = Image.NewFromFile(Photos.PathOf(name));
        using var resized = image.ThumbnailImage(width, height: height, size: Enums.Size.Force);
        return ToTensor(resized);
    }

    /// <summary>A part of the photo, pixel by pixel.</summary>
    public static Tensor Part(string name, int left, int top, int height, int width)
    {
        using var image = Image.NewFromFile(Photos.PathOf(name));
        using var part = image.Crop(left, top, width, height);
        return ToTensor(part);
    }

    private static Tensor ToTensor(Image image)
    {
        var (bytes, pixels) = (image.WriteToMemory<byte>(), image.Width * image.Height);
        var values = new float[bytes.Length];
        for (var index = 0; index < bytes.Length; index++)
        {
            var (place, channel) = Math.DivRem(index, image.Bands);
            values[channel * pixels + place] = bytes[index] / 255f;
        }

        return new Tensor(values, [1, image.Bands, image.Height, image.Width]);
    }
}
