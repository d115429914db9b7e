namespace ImageEditor.Converters.OnnxFormat;

/// <summary>A dimension of a tensor: a number, or a name where it is only known at run time. Equal names stand for equal numbers.</summary>
public readonly record struct Dimension
{
    private readonly long _length;
    private readonly string? _name;

    private Dimension(long length, string? name)
    {
        _length = length;
        _name = name;
    }

    public static implicit operator Dimension(long length) => new(length, null);

    public static implicit operator Dimension(string name) => new(0, name);

    /// <summary>The dimension as a file says it.</summary>
    public static Dimension From(TensorShapeProto.Types.Dimension dimension) =>
        dimension.HasDimParam ? dimension.DimParam : dimension.DimValue;

    /// <inheritdoc/>
    public override string ToString() => _name ?? _length.ToString(null, null);

    internal TensorShapeProto.Types.Dimension ToProto() => _name is null
        ? new TensorShapeProto.Types.Dimension { DimValue = _length }
        : new TensorShapeProto.Types.Dimension { DimParam = _name };
}
