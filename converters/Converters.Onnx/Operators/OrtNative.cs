using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace ImageEditor.Converters.Onnx.Operators;

/// <summary>The functions of ONNX Runtime's C interface that its .NET package does not offer.</summary>
internal static unsafe partial class OrtNative
{
    /// <summary>The first version of the interface that has all functions used here.</summary>
    public const uint Version = 24;

    private const int Failure = 1;

    private static readonly OrtApi Api = Load();

    public static nint CreateDomain(string name)
    {
        using var utf8 = new Utf8(name);
        nint domain;
        Check(((delegate* unmanaged<nint, nint*, nint>)Api.CreateCustomOpDomain)(utf8.Pointer, &domain));
        return domain;
    }

    public static void Add(nint domain, OrtCustomOp* operation) =>
        Check(((delegate* unmanaged<nint, OrtCustomOp*, nint>)Api.CustomOpDomain_Add)(domain, operation));

    public static void Add(SessionOptions options, nint domain) =>
        Check(((delegate* unmanaged<nint, nint, nint>)Api.AddCustomOpDomain)(options.DangerousGetHandle(), domain));

    public static nint Input(nint context, int index)
    {
        nint value;
        Check(((delegate* unmanaged<nint, nuint, nint*, nint>)Api.KernelContext_GetInput)(context, (nuint)index, &value));
        return value;
    }

    public static nint Output(nint context, ReadOnlySpan<long> shape)
    {
        fixed (long* lengths = shape)
        {
            nint value;
            Check(((delegate* unmanaged<nint, nuint, long*, nuint, nint*, nint>)Api.KernelContext_GetOutput)(
                context, 0, lengths, (nuint)shape.Length, &value));
            return value;
        }
    }

    public static float* Values(nint value)
    {
        float* values;
        Check(((delegate* unmanaged<nint, float**, nint>)Api.GetTensorMutableData)(value, &values));
        return values;
    }

    public static ReadOnlySpan<long> Shape(nint value)
    {
        int type;
        long* lengths;
        nuint rank;
        Check(((delegate* unmanaged<nint, int*, long**, nuint*, nint>)Api.GetTensorElementTypeAndShapeDataReference)(
            value, &type, &lengths, &rank));
        return new ReadOnlySpan<long>(lengths, (int)rank);
    }

    public static void ParallelFor(nint context, delegate* unmanaged<nint, nuint, void> body, int count, nint argument) =>
        Check(((delegate* unmanaged<nint, delegate* unmanaged<nint, nuint, void>, nuint, nuint, nint, nint>)Api.KernelContext_ParallelFor)(
            context, body, (nuint)count, 0, argument));

    /// <summary>What an operator that fails returns: the run ends with an <see cref="OnnxRuntimeException"/> that says this.</summary>
    public static nint Failed(string message)
    {
        using var utf8 = new Utf8(message);
        return ((delegate* unmanaged<int, nint, nint>)Api.CreateStatus)(Failure, utf8.Pointer);
    }

    private static void Check(nint status)
    {
        if (status != 0)
        {
            var message = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint, nint>)Api.GetErrorMessage)(status));
            ((delegate* unmanaged<nint, void>)Api.ReleaseStatus)(status);
            throw new InvalidOperationException($"ONNX Runtime refused an operator: {message}");
        }
    }

    private static OrtApi Load()
    {
        var api = ((delegate* unmanaged<uint, nint>)OrtGetApiBase()->GetApi)(Version);
        return api == 0 ? throw new NotSupportedException("This ONNX Runtime is too old for operators from .NET.") : *(OrtApi*)api;
    }

    [LibraryImport("onnxruntime")]
    private static partial OrtApiBase* OrtGetApiBase();

    private readonly ref struct Utf8(string text)
    {
        public nint Pointer { get; } = Marshal.StringToCoTaskMemUTF8(text);

        public void Dispose() => Marshal.FreeCoTaskMem(Pointer);
    }
}
