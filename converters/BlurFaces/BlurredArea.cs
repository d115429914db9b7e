using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Faces;

namespace ImageEditor.Converters.BlurFaces;

/// <summary>What is made unrecognisable: an ellipse that may be turned, or an upright rectangle.</summary>
/// <param name="X">The middle, in pixels from the left.</param>
/// <param name="Y">The middle, in pixels from the top.</param>
/// <param name="HalfWidth">Pixels, along its own horizontal.</param>
/// <param name="HalfHeight">Pixels, along its own vertical.</param>
/// <param name="Angle">How far it is turned, clockwise, in radians.</param>
/// <param name="IsRectangle">Whether its corners belong to it.</param>
internal sealed record BlurredArea(double X, double Y, double HalfWidth, double HalfHeight, double Angle, bool IsRectangle)
{
    /// <summary>
    /// The area is larger than the detected face, since hair and ears identify a person, too. Its centre is shifted to the forehead.
    /// </summary>
    private const double WidthFactor = 1.4;
    private const double HeightFactor = 1.7;
    private const double CentreShift = 0.12;

    /// <summary>How wide the face in it is, in pixels.</summary>
    public double FaceWidth => 2 * Math.Min(HalfWidth, HalfHeight) / WidthFactor;

    public static BlurredArea Of(Face face) => new(
        face.X + CentreShift * face.Height * Math.Sin(face.Angle),
        face.Y - CentreShift * face.Height * Math.Cos(face.Angle),
        WidthFactor * face.Width / 2,
        HeightFactor * face.Height / 2,
        face.Angle,
        IsRectangle: false);

    public static BlurredArea Of(Box box) =>
        new(box.X + box.Width / 2.0, box.Y + box.Height / 2.0, box.Width / 2.0, box.Height / 2.0, Angle: 0, IsRectangle: true);

    /// <summary>The upright rectangle around it, within a picture; its sides are at least 1.</summary>
    /// <param name="factor">How many times as large as the area itself.</param>
    /// <param name="width">The picture's, in pixels.</param>
    /// <param name="height">The picture's, in pixels.</param>
    public Box Bounds(double factor, int width, int height)
    {
        var (cos, sin) = (Math.Cos(Angle), Math.Sin(Angle));
        var across = factor * Math.Sqrt(Square(HalfWidth * cos) + Square(HalfHeight * sin));
        var down = factor * Math.Sqrt(Square(HalfWidth * sin) + Square(HalfHeight * cos));
        var left = (int)Math.Clamp(Math.Floor(X - across), 0, width - 1);
        var top = (int)Math.Clamp(Math.Floor(Y - down), 0, height - 1);
        var right = (int)Math.Clamp(Math.Ceiling(X + across), left + 1, width);
        var bottom = (int)Math.Clamp(Math.Ceiling(Y + down), top + 1, height);
        return new Box(left, top, right - left, bottom - top);
    }

    /// <summary>
    /// The area that a box means which a person drew, or got from here: the middle of each lies in the middle half of the other. Of
    /// several, as of faces cheek to cheek, the one with the nearest middle.
    /// </summary>
    /// <returns>Null when the box means none.</returns>
    public static BlurredArea? MeantBy(Box box, IEnumerable<BlurredArea> areas, int width, int height) => areas
        .Select(area => (Area: area, Bounds: area.Bounds(1, width, height)))
        .Select(each => (
            each.Area,
            Across: Math.Abs(each.Bounds.X + each.Bounds.Width / 2.0 - box.X - box.Width / 2.0),
            Down: Math.Abs(each.Bounds.Y + each.Bounds.Height / 2.0 - box.Y - box.Height / 2.0),
            MaxAcross: Math.Min(each.Bounds.Width, box.Width) / 4.0,
            MaxDown: Math.Min(each.Bounds.Height, box.Height) / 4.0))
        .Where(each => each.Across <= each.MaxAcross && each.Down <= each.MaxDown)
        .OrderBy(each => each.Across * each.Across + each.Down * each.Down)
        .Select(each => each.Area)
        .FirstOrDefault();

    private static double Square(double value) => value * value;
}
