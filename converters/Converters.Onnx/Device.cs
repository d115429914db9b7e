using Microsoft.ML.OnnxRuntime;

namespace ImageEditor.Converters.Onnx;

/// <summary>The device that networks run on in this process.</summary>
/// <param name="Name"><c>cpu</c> or <c>cuda</c>: it is shown in the descriptor, in traces and in metrics.</param>
/// <param name="FallbackReason">Why it is not the wanted device; null when it is.</param>
internal sealed record Device(string Name, string? FallbackReason)
{
    private const string Cpu = "cpu";
    private const string Cuda = "cuda";

    /// <summary>ONNX Runtime's name for its CUDA support.</summary>
    private const string CudaProvider = "CUDAExecutionProvider";

    /// <summary>Whether all of a network runs on the CPU.</summary>
    public bool IsCpu => Name == Cpu;

    /// <summary>Takes the best that is allowed and works here.</summary>
    public static Device Choose(Accelerator wanted)
    {
        if (wanted == Accelerator.Cpu)
        {
            return new Device(Cpu, FallbackReason: null);
        }

        if (!OrtEnv.Instance().GetAvailableProviders().Contains(CudaProvider))
        {
            return new Device(Cpu, wanted == Accelerator.Cuda ? "this build has no CUDA; build it with -p:Accelerator=cuda" : null);
        }

        try
        {
            using var options = new SessionOptions();
            options.AppendExecutionProvider_CUDA();
            return new Device(Cuda, FallbackReason: null);
        }
        catch (OnnxRuntimeException exception)
        {
            // A missing driver, library or card throws this.
            return new Device(Cpu, $"CUDA does not start here: {exception.Message}");
        }
    }

    /// <summary>Makes sessions run on this device. ONNX Runtime runs on the CPU what a GPU cannot compute.</summary>
    public void ApplyTo(SessionOptions options)
    {
        if (Name == Cuda)
        {
            options.AppendExecutionProvider_CUDA();
        }
    }
}
