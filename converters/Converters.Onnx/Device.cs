using Microsoft.ML.OnnxRuntime;

namespace ImageEditor.Converters.Onnx;

/// <summary>The device that networks run on in this process.</summary>
/// <param name="Name"><c>cpu</c> or <c>cuda</c>: it stands in the descriptor, in traces and in metrics.</param>
/// <param name="Shortfall">Why it is not what was asked for; null when it is.</param>
internal sealed record Device(string Name, string? Shortfall)
{
    private const string Cpu = "cpu";
    private const string Cuda = "cuda";

    /// <summary>What ONNX Runtime calls its CUDA support.</summary>
    private const string CudaProvider = "CUDAExecutionProvider";

    /// <summary>Whether all of a network runs on the CPU.</summary>
    public bool IsCpu => Name == Cpu;

    /// <summary>Takes the best that is allowed and works here.</summary>
    public static Device Choose(Accelerator wanted)
    {
        if (wanted == Accelerator.Cpu)
        {
            return new Device(Cpu, Shortfall: null);
        }

        if (!OrtEnv.Instance().GetAvailableProviders().Contains(CudaProvider))
        {
            return new Device(Cpu, wanted == Accelerator.Cuda ? "this build has no CUDA; build it with -p:Accelerator=cuda" : null);
        }

        try
        {
            using var options = new SessionOptions();
            options.AppendExecutionProvider_CUDA();
            return new Device(Cuda, Shortfall: null);
        }
        catch (OnnxRuntimeException exception)
        {
            // That is how a missing driver, library or card shows.
            return new Device(Cpu, $"CUDA does not start here: {exception.Message}");
        }
    }

    /// <summary>Makes sessions run here. What a GPU cannot do, ONNX Runtime gives to the CPU.</summary>
    public void ApplyTo(SessionOptions options)
    {
        if (Name == Cuda)
        {
            options.AppendExecutionProvider_CUDA();
        }
    }
}
