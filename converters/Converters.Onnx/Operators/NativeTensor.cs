namespace ImageEditor.Converters.Onnx.Operators;

/// <summary>Floats in ONNX Runtime's memory. They are valid as long as the <see cref="OperatorCall"/> that they came with.</summary>
public readonly unsafe struct NativeTensor
{
    private readonly nint _value;
    private readonly float* _values;
    private readonly int _count;

    internal NativeTensor(nint value)
    {
        _value = value;
        _values = OrtNative.Values(value);
        _count = 1;
        foreach (var length in Shape)
        {
            _count = checked(_count * (int)length);
        }
    }

    /// <summary>Row by row, the last dimension fastest.</summary>
    public Span<float> Values => new(_values, _count);

    /// <summary>The length of each dimension.</summary>
    public ReadOnlySpan<long> Shape => OrtNative.Shape(_value);
}
