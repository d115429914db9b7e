namespace ImageEditor.FakeConverter;

/// <summary>Counts the calls that this process received, for tests.</summary>
internal sealed class Calls
{
    private int _started;
    private int _answered;
    private int _abandoned;

    public int Started => _started;

    public int Answered => _answered;

    /// <summary>Calls that their caller aborted.</summary>
    public int Abandoned => _abandoned;

    public void Start() => Interlocked.Increment(ref _started);

    public void Answer() => Interlocked.Increment(ref _answered);

    public void Abandon() => Interlocked.Increment(ref _abandoned);
}
