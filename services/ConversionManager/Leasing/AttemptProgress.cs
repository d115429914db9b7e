namespace ImageEditor.ConversionManager.Leasing;

/// <summary>How far an attempt is, as its converters last said; written by one task and read by another. It never goes back.</summary>
internal sealed class AttemptProgress
{
    private const int NoStep = -1;

    private double _value = double.NaN;
    private int _step = NoStep;
    private (int Number, int Count) _stage = (0, 1);

    /// <summary>From 0 to 1; null while nothing was said.</summary>
    public double? Value
    {
        get
        {
            var value = Volatile.Read(ref _value);
            return double.IsNaN(value) ? null : value;
        }
    }

    /// <summary>The step of the recipe that it is at, from 0; null for work of one step.</summary>
    public int? Step => Volatile.Read(ref _step) is >= 0 and var step ? step : null;

    /// <summary>Begins one of several stages, equal parts of the whole.</summary>
    /// <param name="number">From 0.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="step">What it is called; null where it is the only one that has a name.</param>
    public void BeginStage(int number, int count, int? step)
    {
        _stage = (number, count);
        Volatile.Write(ref _step, step ?? NoStep);
        Report(0);
    }

    /// <summary>Says how far the work is, or its present stage.</summary>
    /// <param name="value">From 0 to 1.</param>
    public void Report(double value)
    {
        var all = (_stage.Number + Math.Clamp(value, 0, 1)) / _stage.Count;
        if (!(all <= _value))
        {
            Volatile.Write(ref _value, all);
        }
    }
}
