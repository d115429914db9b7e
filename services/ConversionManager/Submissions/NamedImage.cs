namespace ImageEditor.ConversionManager.Submissions;

/// <summary>An image of a submission: the one to convert, or one that is a parameter.</summary>
/// <param name="Name"><c>image</c>, or the parameter's name.</param>
/// <param name="Bytes">The image as it was sent.</param>
/// <param name="FileName">What its file is called, if anything.</param>
internal readonly record struct NamedImage(string Name, ReadOnlyMemory<byte> Bytes, string? FileName = null)
{
    /// <summary>The name of the image to convert.</summary>
    public const string PrimaryName = "image";
}
