using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace ImageEditor.Converters.Onnx.Operators;

/// <summary>
/// An operator for ONNX Runtime's CPU that is written in C#: it takes tensors of floats and makes one. Sessions refer to its description in
/// native memory, so it lives as long as the process: make one, and keep it.
/// </summary>
public sealed unsafe class CustomOperator
{
    private const int Float = 1;
    private const int Required = 0;
    private const int DefaultMemory = 0;

    private static readonly Lock Opening = new();

    private readonly int _inputs;
    private readonly Action<OperatorCall> _compute;
    private readonly nint _domain;

    /// <summary>Describes an operator to ONNX Runtime.</summary>
    /// <param name="domain">Its domain in graphs.</param>
    /// <param name="type">Its type in graphs.</param>
    /// <param name="inputs">How many tensors it takes.</param>
    /// <param name="compute">Computes; called by several threads at once. What it throws ends the run.</param>
    public CustomOperator(string domain, string type, int inputs, Action<OperatorCall> compute)
    {
        _inputs = inputs;
        _compute = compute;
        _domain = OrtNative.CreateDomain(domain);

        var description = (OrtCustomOp*)NativeMemory.AllocZeroed((nuint)sizeof(OrtCustomOp));
        description->Version = OrtNative.Version;
        description->Name = Marshal.StringToCoTaskMemUTF8(type);
        description->Operator = GCHandle.ToIntPtr(GCHandle.Alloc(this));
        description->GetName = (nint)(delegate* unmanaged<OrtCustomOp*, nint>)&GetName;
        description->GetExecutionProviderType = (nint)(delegate* unmanaged<OrtCustomOp*, nint>)&GetExecutionProviderType;
        description->GetInputType = (nint)(delegate* unmanaged<OrtCustomOp*, nuint, int>)&GetElementType;
        description->GetInputTypeCount = (nint)(delegate* unmanaged<OrtCustomOp*, nuint>)&GetInputCount;
        description->GetOutputType = (nint)(delegate* unmanaged<OrtCustomOp*, nuint, int>)&GetElementType;
        description->GetOutputTypeCount = (nint)(delegate* unmanaged<OrtCustomOp*, nuint>)&GetOutputCount;
        description->GetInputCharacteristic = (nint)(delegate* unmanaged<OrtCustomOp*, nuint, int>)&GetCharacteristic;
        description->GetOutputCharacteristic = (nint)(delegate* unmanaged<OrtCustomOp*, nuint, int>)&GetCharacteristic;
        description->GetInputMemoryType = (nint)(delegate* unmanaged<OrtCustomOp*, nuint, int>)&GetMemoryType;
        description->CreateKernelV2 = (nint)(delegate* unmanaged<OrtCustomOp*, nint, nint, nint*, nint>)&CreateKernel;
        description->KernelComputeV2 = (nint)(delegate* unmanaged<nint, nint, nint>)&Compute;
        description->KernelDestroy = (nint)(delegate* unmanaged<nint, void>)&DestroyKernel;
        description->GetStartVersion = (nint)(delegate* unmanaged<OrtCustomOp*, int>)&GetStartVersion;
        description->GetEndVersion = (nint)(delegate* unmanaged<OrtCustomOp*, int>)&GetEndVersion;
        OrtNative.Add(_domain, description);
    }

    /// <summary>Opens a session for a graph that may use operators. A process with operators must open all its sessions here.</summary>
    /// <param name="graph">The ONNX file.</param>
    /// <param name="options">The session's options, which know the operators from then on.</param>
    /// <param name="operators">The operators.</param>
    public static InferenceSession Open(byte[] graph, SessionOptions options, params IEnumerable<CustomOperator> operators)
    {
        // ONNX Runtime checks whether a domain is registered, and then registers it. Two sessions at once would both register it, and the
        // second would be refused.
        lock (Opening)
        {
            foreach (var known in operators)
            {
                OrtNative.Add(options, known._domain);
            }

            return new InferenceSession(graph, options);
        }
    }

    private static CustomOperator Of(nint kernel) => (CustomOperator)GCHandle.FromIntPtr(((OrtCustomOp*)kernel)->Operator).Target!;

    [UnmanagedCallersOnly]
    private static nint GetName(OrtCustomOp* description) => description->Name;

    /// <summary>None is the CPU's.</summary>
    [UnmanagedCallersOnly]
    private static nint GetExecutionProviderType(OrtCustomOp* description) => 0;

    [UnmanagedCallersOnly]
    private static int GetElementType(OrtCustomOp* description, nuint index) => Float;

    [UnmanagedCallersOnly]
    private static nuint GetInputCount(OrtCustomOp* description) => (nuint)Of((nint)description)._inputs;

    [UnmanagedCallersOnly]
    private static nuint GetOutputCount(OrtCustomOp* description) => 1;

    [UnmanagedCallersOnly]
    private static int GetCharacteristic(OrtCustomOp* description, nuint index) => Required;

    [UnmanagedCallersOnly]
    private static int GetMemoryType(OrtCustomOp* description, nuint index) => DefaultMemory;

    [UnmanagedCallersOnly]
    private static int GetStartVersion(OrtCustomOp* description) => 1;

    [UnmanagedCallersOnly]
    private static int GetEndVersion(OrtCustomOp* description) => int.MaxValue;

    /// <summary>A kernel has no state of its own: it is the description.</summary>
    [UnmanagedCallersOnly]
    private static nint CreateKernel(OrtCustomOp* description, nint api, nint info, nint* kernel)
    {
        *kernel = (nint)description;
        return 0;
    }

    [UnmanagedCallersOnly]
    private static void DestroyKernel(nint kernel)
    {
    }

    /// <summary>No exception may pass through native code.</summary>
    [UnmanagedCallersOnly]
    private static nint Compute(nint kernel, nint context)
    {
        try
        {
            Of(kernel)._compute(new OperatorCall(context));
            return 0;
        }
        catch (Exception exception)
        {
            return OrtNative.Failed(exception.Message);
        }
    }
}
