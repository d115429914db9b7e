namespace ImageEditor.ConversionManager.Work;

/// <summary>How far an attempt is, as the converter last said; written by one task and read by another.</summary>
internal sealed class AttemptProgress
{
    /// <summary>The smallest step that a progress bar shows.</summary>
    private const double Step = 0.01;

    private double _value = double.NaN;
    private double _told = double.NaN;

    /// <summary>From 0 to 1; null while the converter has said nothing.</summary>
    public double? Value => OrNull(Volatile.Read(ref _value));

    /// <summary>Whether the work has come further, by what can be seen, since it was last told; for the task that tells.</summary>
    public bool HasNews => Value is { } value && !(Math.Abs(value - _told) < Step);

    public void Report(double value) => Volatile.Write(ref _value, Math.Clamp(value, 0, 1));

    /// <summary>What is to be told now; for the task that tells.</summary>
    /// <returns>The same as <see cref="Value"/>.</returns>
    public double? Tell()
    {
        _told = Volatile.Read(ref _value);
        return OrNull(_told);
    }

    private static double? OrNull(double value) => double.IsNaN(value) ? null : value;
}
