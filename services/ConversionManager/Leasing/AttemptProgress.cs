namespace ImageEditor.ConversionManager.Leasing;

/// <summary>How far an attempt is, as the converter last said; written by one task and read by another.</summary>
internal sealed class AttemptProgress
{
    private double _value = double.NaN;

    /// <summary>From 0 to 1; null while the converter has said nothing.</summary>
    public double? Value
    {
        get
        {
            var value = Volatile.Read(ref _value);
            return double.IsNaN(value) ? null : value;
        }
    }

    public void Report(double value) => Volatile.Write(ref _value, Math.Clamp(value, 0, 1));
}
