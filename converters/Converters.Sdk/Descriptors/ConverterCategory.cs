namespace ImageEditor.Converters.Descriptors;

/// <summary>What kind of change a converter makes; people find it in a list by that.</summary>
public enum ConverterCategory
{
    /// <summary>Light and colour, as in developing a photograph.</summary>
    Adjust,

    /// <summary>Where pixels are, and how many.</summary>
    Geometry,

    /// <summary>Another look.</summary>
    Effect,

    /// <summary>What neural networks do.</summary>
    Neural,

    /// <summary>What the file is like, rather than the picture.</summary>
    File,
}
