namespace ImageEditor.Converters.Geometry;

/// <summary>What a picture is scaled to, and what is cut out of the middle of that.</summary>
/// <param name="ScaledWidth">Pixels.</param>
/// <param name="ScaledHeight">Pixels.</param>
/// <param name="Width">Pixels of the result.</param>
/// <param name="Height">Pixels of the result.</param>
/// <param name="WasHeldBack">Whether it would be larger if it might be enlarged.</param>
/// <param name="ChangesNothing">Whether the result is the picture.</param>
internal sealed record ResizePlan(int ScaledWidth, int ScaledHeight, int Width, int Height, bool WasHeldBack, bool ChangesNothing)
{
    /// <param name="pictureWidth">Pixels of the picture.</param>
    /// <param name="pictureHeight">Pixels of the picture.</param>
    /// <param name="width">Pixels that were asked for; null follows from the height.</param>
    /// <param name="height">Pixels that were asked for; null follows from the width.</param>
    /// <param name="factor">Where neither was asked for: how many times as wide and high.</param>
    /// <param name="mode">fit, fill or exact.</param>
    /// <param name="mayEnlarge">Whether it may become larger; if not, a size that is too large shrinks, and keeps its ratio.</param>
    public static ResizePlan Of(
        int pictureWidth, int pictureHeight, int? width, int? height, double factor, string mode, bool mayEnlarge)
    {
        var (across, down) = (width, height) switch
        {
            (null, null) => (factor, factor),
            ({ } given, null) => ((double)given / pictureWidth, (double)given / pictureWidth),
            (null, { } given) => ((double)given / pictureHeight, (double)given / pictureHeight),
            ({ } givenWidth, { } givenHeight) => ((double)givenWidth / pictureWidth, (double)givenHeight / pictureHeight),
        };
        if (mode == "fit")
        {
            across = down = Math.Min(across, down);
        }

        // A result that is cut out must be covered: what is left of its ratio when it must not be enlarged.
        var limit = !mayEnlarge ? 1 : double.PositiveInfinity;
        var shrink = mode == "exact" ? 1 : Math.Min(1, limit / Math.Max(across, down));
        var (resultWidth, resultHeight) = (
            Rounded(pictureWidth * Math.Min(limit, across * shrink)), Rounded(pictureHeight * Math.Min(limit, down * shrink)));
        var cover = Math.Max(across, down) * shrink;
        var isCut = mode == "fill";
        var (scaledWidth, scaledHeight) = isCut
            ? (Math.Max(resultWidth, Rounded(pictureWidth * cover)), Math.Max(resultHeight, Rounded(pictureHeight * cover)))
            : (resultWidth, resultHeight);
        return new ResizePlan(
            scaledWidth,
            scaledHeight,
            resultWidth,
            resultHeight,
            WasHeldBack: Math.Max(across, down) > limit,
            ChangesNothing: (scaledWidth, scaledHeight, resultWidth, resultHeight)
                == (pictureWidth, pictureHeight, pictureWidth, pictureHeight));
    }

    private static int Rounded(double side) => (int)Math.Max(1, Math.Round(side));
}
