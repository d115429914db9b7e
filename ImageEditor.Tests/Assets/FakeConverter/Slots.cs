namespace ImageEditor.FakeConverter;

/// <summary>The conversions that this process runs at once: setting <c>Slots</c>; without it, any number.</summary>
internal sealed class Slots(IConfiguration configuration)
{
    private readonly int _count = configuration.GetValue("Slots", int.MaxValue);
    private int _taken;

    /// <summary>Takes a slot, if one is free now.</summary>
    public bool TryTake()
    {
        if (Interlocked.Increment(ref _taken) <= _count)
        {
            return true;
        }

        Free();
        return false;
    }

    /// <summary>Gives one back.</summary>
    public void Free() => Interlocked.Decrement(ref _taken);
}
