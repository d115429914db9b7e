using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Google.FlatBuffers;

namespace ImageEditor.Models.TfLite;

/// <summary>
/// A TensorFlow Lite file: a FlatBuffer whose tables are read by the field numbers of TensorFlow's published schema (schema.fbs, version
/// 3).
/// </summary>
internal sealed class TfLiteModel
{
    private readonly ByteBuffer _bytes;
    private readonly FlatBufferFields _model;

    private TfLiteModel(byte[] file)
    {
        _bytes = new ByteBuffer(file);
        _model = new FlatBufferFields(new Table(_bytes.GetInt(_bytes.Position) + _bytes.Position, _bytes));
        var graph = _model.Tables(2).Single();
        Tensors = [.. graph.Tables(0).Select((tensor, index) => new TfLiteTensor(index, tensor))];
        Inputs = graph.Integers(1);
        Outputs = graph.Integers(2);
        FlatBufferFields[] codes = [.. _model.Tables(1)];
        Operators = [.. graph.Tables(3).Select(code => new TfLiteOperator(codes[code.Integer(0)], code))];
    }

    /// <summary>All tensors of the graph, constants included.</summary>
    public IReadOnlyList<TfLiteTensor> Tensors { get; }

    /// <summary>Indexes into <see cref="Tensors"/>.</summary>
    public int[] Inputs { get; }

    /// <summary>Indexes into <see cref="Tensors"/>.</summary>
    public int[] Outputs { get; }

    /// <summary>In the order in which they are computed.</summary>
    public IReadOnlyList<TfLiteOperator> Operators { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is no TensorFlow Lite model.</exception>
    public static TfLiteModel Read(byte[] file) => IsModel(file)
        ? new TfLiteModel(file)
        : throw new InvalidDataException("The file is no TensorFlow Lite model: it does not say TFL3.");

    /// <summary>Finds a model that is packed with others in one file, by what every model's file begins with.</summary>
    /// <param name="archive">The bytes of the file.</param>
    /// <returns>From the model's first byte to the end of the archive; where the model ends does not matter to who reads it.</returns>
    public static TfLiteModel ReadPacked(byte[] archive)
    {
        for (var at = 0; at + 8 <= archive.Length; at++)
        {
            if (IsModel(archive.AsSpan(at)) && BinaryPrimitives.ReadInt32LittleEndian(archive.AsSpan(at)) is > 0 and < 1 << 16)
            {
                return new TfLiteModel(archive[at..]);
            }
        }

        throw new InvalidDataException("The archive holds no TensorFlow Lite model.");
    }

    /// <summary>The constant that a tensor is, as floats; null where it is computed.</summary>
    public float[]? Floats(TfLiteTensor tensor)
    {
        var bytes = Bytes(tensor);
        return bytes.Length == 0 ? null : tensor.Type switch
        {
            TfLiteType.Float32 => MemoryMarshal.Cast<byte, float>(bytes).ToArray(),
            TfLiteType.Float16 => [.. MemoryMarshal.Cast<byte, Half>(bytes).ToArray().Select(half => (float)half)],
            _ => throw new InvalidDataException($"The constant '{tensor.Name}' is of type {tensor.Type}; floats are expected."),
        };
    }

    /// <summary>The constant that a tensor is, as whole numbers.</summary>
    public int[] Integers(TfLiteTensor tensor) => tensor.Type == TfLiteType.Int32
        ? MemoryMarshal.Cast<byte, int>(Bytes(tensor)).ToArray()
        : throw new InvalidDataException($"The constant '{tensor.Name}' is of type {tensor.Type}; whole numbers are expected.");

    private byte[] Bytes(TfLiteTensor tensor) => _model.Tables(4).ElementAt(tensor.Buffer).Bytes(0);

    private static bool IsModel(ReadOnlySpan<byte> bytes) => bytes.Length >= 8 && bytes[4..8].SequenceEqual("TFL3"u8);
}

/// <summary>Element types by the schema's numbers.</summary>
internal enum TfLiteType
{
    Float32 = 0,
    Float16 = 1,
    Int32 = 2,
}

/// <summary>A tensor of the graph.</summary>
internal sealed class TfLiteTensor(int index, FlatBufferFields fields)
{
    public int Index => index;

    public int[] Shape { get; } = fields.Integers(0);

    public TfLiteType Type { get; } = (TfLiteType)fields.Byte(1);

    public int Buffer { get; } = fields.Integer(2);

    public string Name { get; } = fields.Text(3);
}

/// <summary>An operator of the graph.</summary>
internal sealed class TfLiteOperator(FlatBufferFields code, FlatBufferFields fields)
{
    private const int Custom = 32;

    /// <summary>The schema's number, which old files keep in a byte.</summary>
    public TfLiteCode Code { get; } = (TfLiteCode)Math.Max(code.Byte(0), code.Integer(3));

    /// <summary>The name of an operator that is not the schema's own.</summary>
    public string? CustomCode { get; } = Math.Max(code.Byte(0), code.Integer(3)) == Custom ? code.Text(1) : null;

    /// <summary>Indexes of tensors; -1 where an optional one is left out.</summary>
    public int[] Inputs { get; } = fields.Integers(1);

    public int[] Outputs { get; } = fields.Integers(2);

    /// <summary>The options of the operator's kind.</summary>
    public FlatBufferFields Options { get; } = fields.Union(4);

    /// <summary>The options of a custom operator, in a form of its own.</summary>
    public byte[] CustomOptions { get; } = fields.Bytes(5);
}

/// <summary>Operators by the schema's numbers.</summary>
internal enum TfLiteCode
{
    Add = 0,
    AveragePool2D = 1,
    Concatenation = 2,
    Conv2D = 3,
    DepthwiseConv2D = 4,
    Dequantize = 6,
    FullyConnected = 9,
    Logistic = 14,
    Mul = 18,
    Relu = 19,
    Relu6 = 21,
    Reshape = 22,
    ResizeBilinear = 23,
    Custom = 32,
    Pad = 34,
    Mean = 40,
    TransposeConv = 67,
    HardSwish = 117,
}
