using System.ComponentModel.DataAnnotations;

namespace ImageEditor.Converters.Onnx;

/// <summary>How networks run; section <c>Converter</c> of the configuration, beside what every converter has.</summary>
internal sealed class InferenceOptions
{
    public const string Section = "Converter";

    /// <summary>Threads of one run of a network.</summary>
    [Range(1, 1024)]
    public int InferenceThreads { get; set; } = Environment.ProcessorCount;

    /// <summary>Runs at once in this process; further requests wait. Each run takes memory of its own, and all threads.</summary>
    [Range(1, 1024)]
    public int InferenceRuns { get; set; } = 1;

    /// <summary>What to run on.</summary>
    public Accelerator Accelerator { get; set; } = Accelerator.Auto;
}

/// <summary>What networks may run on.</summary>
internal enum Accelerator
{
    /// <summary>A GPU where this build and this machine have one, else the CPU.</summary>
    Auto,

    /// <summary>The CPU.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU; where there is none, the CPU, and a warning.</summary>
    Cuda,
}
