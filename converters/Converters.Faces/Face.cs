namespace ImageEditor.Converters.Faces;

/// <summary>Where a face is, from the brows to the chin.</summary>
/// <param name="X">The middle, in pixels from the left.</param>
/// <param name="Y">The middle, in pixels from the top.</param>
/// <param name="Width">Pixels, from ear to ear.</param>
/// <param name="Height">Pixels, from the brows to the chin.</param>
/// <param name="Angle">How far it is turned, clockwise, in radians; 0 is upright.</param>
/// <param name="Score">How sure the network is, from 0 to 1.</param>
public sealed record Face(double X, double Y, double Width, double Height, double Angle, double Score)
{
    /// <summary>How far it is turned against another one, from 0 to π.</summary>
    public double TurnTo(Face other) => Math.Abs(Math.IEEERemainder(Angle - other.Angle, 2 * Math.PI));

    /// <summary>The part of the smaller of two faces that the other covers, however they are turned: they are about square.</summary>
    public double OverlapWith(Face other)
    {
        var width = Math.Min(X + Width / 2, other.X + other.Width / 2) - Math.Max(X - Width / 2, other.X - other.Width / 2);
        var height = Math.Min(Y + Height / 2, other.Y + other.Height / 2) - Math.Max(Y - Height / 2, other.Y - other.Height / 2);
        return Math.Max(0, width) * Math.Max(0, height) / Math.Min(Width * Height, other.Width * other.Height);
    }
}
