namespace ImageEditor.Converters.Descriptors;

/// <summary>A rectangle of the upright picture, in whole pixels.</summary>
/// <param name="X">Its left edge.</param>
/// <param name="Y">Its upper edge.</param>
/// <param name="Width">At least 1.</param>
/// <param name="Height">At least 1.</param>
/// <param name="Frame">The frame of an animation that it is on, from 0; null for all of them.</param>
public sealed record Box(int X, int Y, int Width, int Height, int? Frame = null);
