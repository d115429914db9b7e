using NetVips;

namespace ImageEditor.Converters.Images;

/// <summary>Frames of an animation, or pages: libvips stacks them into one tall image, each <see cref="Image.PageHeight"/> high.</summary>
public static class Frames
{
    private const string PageHeightField = "page-height";

    /// <summary>How many frames the file holds, read or not.</summary>
    internal static int CountInFile(Image image) => image.Contains("n-pages") ? (int)image.Get("n-pages") : 1;

    internal static Image First(Image image) => image.Crop(0, 0, image.Width, image.PageHeight);

    /// <summary>Turns the picture upright as its EXIF orientation says, each frame for itself.</summary>
    internal static Image Upright(Image image)
    {
        // 1 is upright; 2 is mirrored, which goes line by line. The others need lines in another order than they are decoded in.
        var orientation = image.Contains("orientation") ? (int)image.Get("orientation") : 1;
        if (orientation is < 3 or > 8)
        {
            return image.Autorot();
        }

        using var memory = image.CopyMemory();
        return Map(memory, frame => frame.Autorot());
    }

    /// <summary>Changes each frame for itself, where a change goes beyond the edges of a frame or gives it another size.</summary>
    /// <param name="image">One frame or several.</param>
    /// <param name="change">
    /// Makes a frame of a frame; all become equally large. The rows of several frames can be read in any order, those of a single one only
    /// if those of <paramref name="image"/> can.
    /// </param>
    public static Image Map(Image image, Func<Image, Image> change)
    {
        var height = image.PageHeight;
        if (height == image.Height)
        {
            using var changed = change(image);
            return WithoutPageHeight(changed);
        }

        using var memory = image.CopyMemory();
        var frames = new List<Image>();
        try
        {
            for (var top = 0; top < image.Height; top += height)
            {
                // Computed now: what each of hundreds of changes keeps while it is computed would together be more than the pictures.
                using var frame = memory.Crop(0, top, image.Width, height);
                using var changed = change(frame);
                frames.Add(changed.CopyMemory());
            }

            using var joined = Image.Arrayjoin([.. frames], across: 1);
            return WithPageHeight(joined, frames[0].Height);
        }
        finally
        {
            frames.ForEach(frame => frame.Dispose());
        }
    }

    /// <summary>A single frame is as high as its picture, also after its height has changed.</summary>
    private static Image WithoutPageHeight(Image image) =>
        image.Contains(PageHeightField) ? image.Mutate(mutable => mutable.Remove(PageHeightField)) : image.Copy();

    private static Image WithPageHeight(Image image, int height) =>
        image.Mutate(mutable => mutable.Set(GValue.GIntType, PageHeightField, height));
}
