using System.Collections.Concurrent;
using ImageEditor.Converters.Onnx.Operators;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace ImageEditor.Converters.Onnx;

/// <summary>
/// The networks of a process: the files <c>models/NAME.onnx</c> beside its program, each loaded once, when first asked for.
/// </summary>
public sealed class ModelSet : IDisposable
{
    private readonly ConcurrentDictionary<string, Model> _models = new();
    private readonly SemaphoreSlim _gate;
    private readonly Func<string, Func<SessionOptions, InferenceSession>, Model> _open;
    private readonly Device _device;

    internal ModelSet(InferenceOptions options, Device device, ILogger<Model> logger)
    {
        _device = device;
        _gate = new SemaphoreSlim(options.InferenceRuns);
        _open = (name, load) => new Model(name, load, options.InferenceThreads, device, _gate, logger);
    }

    /// <summary>A network by its file's name without the suffix.</summary>
    public Model this[string name] => _models.GetOrAdd(name, _ => _open(name, options => CustomOperator.Open(Read(name), options)));

    /// <summary>A network that this process makes itself, the first time it is asked for.</summary>
    /// <param name="name">Its name, unlike all others.</param>
    /// <param name="graph">
    /// Makes its ONNX file when the network is first needed. The argument is whether it may use the operators, which only the CPU has.
    /// </param>
    /// <param name="operators">Operators that ONNX Runtime does not have itself.</param>
    public Model GetOrCreateDerived(
        string name,
        Func<bool, byte[]> graph,
        params IReadOnlyList<CustomOperator> operators) => _models.GetOrAdd(
        name, _ => _open(name, options => CustomOperator.Open(graph(_device.IsCpu), options, operators)));

    /// <summary>The ONNX file of a network, to derive another from.</summary>
    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "models", name + ".onnx"));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var model in _models.Values)
        {
            model.Dispose();
        }

        _gate.Dispose();
    }
}
