namespace ImageEditor.Converters.Onnx;

/// <summary>Numbers that go into a network or come out of it.</summary>
/// <param name="values">Row by row, the last dimension fastest.</param>
/// <param name="shape">
/// The length of each dimension; of pictures 1, channels, height and width (NCHW) unless a model says otherwise.
/// </param>
public sealed class Tensor(float[] values, params int[] shape)
{
    /// <summary>A tensor of zeros.</summary>
    public Tensor(params int[] shape)
        : this(new float[shape.Aggregate(1, (product, length) => checked(product * length))], shape)
    {
    }

    /// <summary>Row by row, the last dimension fastest.</summary>
    public float[] Values { get; } = values.Length == shape.Aggregate(1, (product, length) => checked(product * length))
        ? values
        : throw new ArgumentException($"{values.Length} values do not fill a tensor of {string.Join(" × ", shape)}.", nameof(values));

    /// <summary>The length of each dimension.</summary>
    public IReadOnlyList<int> Shape { get; } = shape;
}
