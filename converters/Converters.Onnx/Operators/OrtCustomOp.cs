using System.Runtime.InteropServices;

namespace ImageEditor.Converters.Onnx.Operators;

/// <summary>
/// ONNX Runtime's description of an operator that it does not have itself: <c>OrtCustomOp</c> in its C header, and behind it what our
/// functions need.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct OrtCustomOp
{
    public uint Version;
    public nint CreateKernel;
    public nint GetName;
    public nint GetExecutionProviderType;
    public nint GetInputType;
    public nint GetInputTypeCount;
    public nint GetOutputType;
    public nint GetOutputTypeCount;
    public nint KernelCompute;
    public nint KernelDestroy;
    public nint GetInputCharacteristic;
    public nint GetOutputCharacteristic;
    public nint GetInputMemoryType;
    public nint GetVariadicInputMinArity;
    public nint GetVariadicInputHomogeneity;
    public nint GetVariadicOutputMinArity;
    public nint GetVariadicOutputHomogeneity;
    public nint CreateKernelV2;
    public nint KernelComputeV2;
    public nint InferOutputShape;
    public nint GetStartVersion;
    public nint GetEndVersion;
    public nint GetMayInplace;
    public nint ReleaseMayInplace;
    public nint GetAliasMap;
    public nint ReleaseAliasMap;

    /// <summary>Ours: the name, UTF-8 and ended by a zero.</summary>
    public nint Name;

    /// <summary>Ours: a handle to the <see cref="CustomOperator"/>.</summary>
    public nint Operator;
}
