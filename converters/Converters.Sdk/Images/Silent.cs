namespace ImageEditor.Converters.Images;

/// <summary>NetVips watches a cancellation token only beside someone who wants to know the progress.</summary>
internal sealed class Silent : IProgress<int>
{
    public static readonly Silent Instance = new();

    public void Report(int value)
    {
    }
}
