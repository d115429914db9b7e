namespace ImageEditor.Converters.Images;

/// <summary>Receives progress that is not needed: NetVips checks a cancellation token only where progress is reported, too.</summary>
internal sealed class IgnoredProgress : IProgress<int>
{
    public static readonly IgnoredProgress Instance = new();

    public void Report(int value)
    {
    }
}
