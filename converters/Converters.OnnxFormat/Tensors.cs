using System.Runtime.InteropServices;

namespace ImageEditor.Converters.OnnxFormat;

/// <summary>What a constant of a graph holds.</summary>
public static class Tensors
{
    /// <summary>The values of a float constant, the last dimension fastest.</summary>
    /// <exception cref="InvalidDataException">It is not of floats.</exception>
    public static float[] Floats(this TensorProto tensor) => tensor.DataType == (int)TensorProto.Types.DataType.Float
        ? tensor.HasRawData ? MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray() : [.. tensor.FloatData]
        : throw new InvalidDataException($"The constant '{tensor.Name}' is of type {tensor.DataType}; floats are expected.");

    /// <summary>The attribute of a node, or null.</summary>
    public static AttributeProto? Find(this NodeProto node, string attribute) =>
        node.Attribute.SingleOrDefault(known => known.Name == attribute);
}
