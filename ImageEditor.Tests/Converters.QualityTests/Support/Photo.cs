using NetVips;

namespace ImageEditor.Converters.QualityTests.Support;

/// <summary>Photos, as opaque sRGB of 8 bits.</summary>
internal static class Photo
{
    /// <summary>Shared photos of different things, none of them with a person.</summary>
    public static readonly string[] WithoutPeople =
    [
        "chelsea.png",
        "coffee.png",
        "rocket.jpg",
        "flower.png.im_q85_420_progr.jpg",
        "hdr_room.png",
        "seeding_by_Clements_Engelhardt.jpg",
    ];

    /// <summary>One of the shared photos, or one of a person.</summary>
    public static Image Open(string name)
    {
        using var photo = Image.NewFromFile(Photos.PathOf(name));
        using var plain = photo.Colourspace(Enums.Interpretation.Srgb);
        using var opaque = plain.HasAlpha() ? plain.Flatten(background: [255]) : plain.Copy();
        return opaque.Mutate(image => image.Remove("icc-profile-data")).CopyMemory();
    }

    /// <summary>A square from the middle.</summary>
    /// <param name="name">One of <see cref="WithoutPeople"/>.</param>
    /// <param name="side">Pixels; smaller photos are refused.</param>
    public static Image Middle(string name, int side)
    {
        using var photo = Open(name);
        return photo.Crop((photo.Width - side) / 2, (photo.Height - side) / 2, side, side).CopyMemory();
    }

    /// <summary>Of squares from all over a photo, the one with the most detail: a network can show what it does there.</summary>
    /// <param name="name">One of <see cref="WithoutPeople"/>.</param>
    /// <param name="side">Pixels; smaller photos are refused.</param>
    public static Image MostDetailed(string name, int side)
    {
        using var photo = Open(name);
        var squares = from top in Enumerable.Range(0, (photo.Height - side) / (side / 2) + 1)
                      from left in Enumerable.Range(0, (photo.Width - side) / (side / 2) + 1)
                      select (Left: left * side / 2, Top: top * side / 2);
        using var detail = Measure.DetailMap(photo).CopyMemory();
        var (bestLeft, bestTop) = squares.MaxBy(square => detail.Crop(square.Left, square.Top, side, side).Avg());
        return photo.Crop(bestLeft, bestTop, side, side).CopyMemory();
    }
}
