namespace ImageEditor.ConversionManager.Attempts;

/// <summary>
/// Learns from a converter's answers how many conversions to send it at once: one more while it takes what it is sent and all slots are in
/// use, one less while it refuses most of it as full. Each step is made only once the one before has had its effect.
/// </summary>
/// <remarks>Not for several threads at once.</remarks>
/// <param name="most">The most that it comes to.</param>
/// <param name="time">The clock.</param>
internal sealed class SlotLearner(int most, TimeProvider time)
{
    /// <summary>Above this share of refusals there is no step up.</summary>
    private const double Few = 0.1;

    /// <summary>From this share of refusals on there is a step down.</summary>
    private const double Most = 0.5;

    /// <summary>
    /// So many refusals have to be there for a step down: behind one address are many replicas, and who meets a full one finds another.
    /// </summary>
    private const double EnoughRefusals = 10;

    /// <summary>An answer counts for less from second to second: after this time for 37 %.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(5);

    private double _answers;
    private double _refusals;
    private long _counted = time.GetTimestamp();

    /// <summary>How many conversions to send at once.</summary>
    public int Slots { get; private set; } = 1;

    /// <summary>Learns from an answer.</summary>
    /// <param name="isFull">Whether the converter refused the call as full; else it took it.</param>
    /// <param name="taken">How many slots are in use, the call's own among them.</param>
    public void Learn(bool isFull, int taken)
    {
        Count(isFull);
        if (taken > Slots)
        {
            // The last step down takes effect when one of them ends.
            return;
        }

        if (isFull && _refusals >= EnoughRefusals && _refusals >= Most * _answers)
        {
            Slots = Math.Max(1, taken - 1);
        }
        else if (!isFull && taken == Slots && _refusals <= Few * _answers)
        {
            Slots = Math.Min(most, Slots + 1);
        }
    }

    /// <summary>Starts again from one: what was learnt holds no longer.</summary>
    public void Forget() => (Slots, _answers, _refusals) = (1, 0, 0);

    private void Count(bool isFull)
    {
        var now = time.GetTimestamp();
        var rest = Math.Exp(-(time.GetElapsedTime(_counted, now) / Memory));
        _answers = (_answers * rest) + 1;
        _refusals = (_refusals * rest) + (isFull ? 1 : 0);
        _counted = now;
    }
}
