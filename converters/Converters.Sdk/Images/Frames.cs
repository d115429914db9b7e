using NetVips;

namespace ImageEditor.Converters.Images;

/// <summary>Frames of an animation, or pages: libvips stacks them into one tall image, each <see cref="Image.PageHeight"/> high.</summary>
internal static class Frames
{
    private const string PageHeightField = "page-height";

    /// <summary>How many frames the file holds, read or not.</summary>
    public static int CountInFile(Image image) => image.Contains("n-pages") ? (int)image.Get("n-pages") : 1;

    public static Image First(Image image) => image.Crop(0, 0, image.Width, image.PageHeight);

    /// <summary>Turns the picture upright as its EXIF orientation says, each frame for itself.</summary>
    public static Image Upright(Image image)
    {
        // 1 is upright; 2 is mirrored, which goes line by line. The others need lines in another order than they are decoded in.
        var orientation = image.Contains("orientation") ? (int)image.Get("orientation") : 1;
        if (orientation is < 3 or > 8)
        {
            return image.Autorot();
        }

        using var memory = image.CopyMemory();
        var height = image.PageHeight;
        if (height == image.Height)
        {
            return memory.Autorot();
        }

        var frames = new List<Image>();
        try
        {
            for (var top = 0; top < image.Height; top += height)
            {
                using var frame = memory.Crop(0, top, image.Width, height);
                frames.Add(frame.Autorot());
            }

            using var joined = Image.Arrayjoin([.. frames], across: 1);
            return joined.Mutate(mutable => mutable.Set(GValue.GIntType, PageHeightField, frames[0].Height));
        }
        finally
        {
            frames.ForEach(frame => frame.Dispose());
        }
    }
}
