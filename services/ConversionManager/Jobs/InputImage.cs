namespace ImageEditor.ConversionManager.Jobs;

/// <summary>An image in a job's input, as it is stored with the job.</summary>
/// <param name="Name"><c>image</c>, or the parameter's name, after <c>step.</c> in a recipe.</param>
/// <param name="ContentType">Its media type, found from its content.</param>
/// <param name="Offset">Where in the input it begins, in bytes.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Width">Pixels, as stored (orientation not applied).</param>
/// <param name="Height">Pixels, as stored (orientation not applied).</param>
internal sealed record InputImage(string Name, string ContentType, int Offset, int Length, int Width, int Height)
{
    /// <summary>Whether it can lie where it says.</summary>
    /// <param name="inputLength">Bytes of the whole input.</param>
    public bool IsInside(int inputLength) => Offset >= 0 && Length > 0 && (long)Offset + Length <= inputLength;
}
