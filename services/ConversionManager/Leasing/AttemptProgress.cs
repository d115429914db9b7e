namespace ImageEditor.ConversionManager.Leasing;

/// <summary>How far an attempt is, as the converter last said; written by one task and read by another.</summary>
internal sealed class AttemptProgress
{
    /// <summary>The smallest step that a progress bar shows.</summary>
    private const double Step = 0.01;

    private double _value = double.NaN;
    private double? _reported;

    /// <summary>From 0 to 1; null while the converter has said nothing.</summary>
    public double? Value
    {
        get
        {
            var value = Volatile.Read(ref _value);
            return double.IsNaN(value) ? null : value;
        }
    }

    /// <summary>Whether there was visible progress since the last report; for the task that reports.</summary>
    public bool HasUnreported => Value is { } value && (_reported is not { } reported || Math.Abs(value - reported) >= Step);

    public void Report(double value) => Volatile.Write(ref _value, Math.Clamp(value, 0, 1));

    /// <summary>Takes the value to report now; for the task that reports.</summary>
    /// <returns>The same as <see cref="Value"/>.</returns>
    public double? TakeForReport() => _reported = Value;
}
