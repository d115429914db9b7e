using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ImageEditor.Converters.Onnx;

/// <summary>The networks of a process: the files <c>models/NAME.onnx</c> beside its program, each loaded once, when first asked for.</summary>
public sealed class ModelSet : IDisposable
{
    private readonly ConcurrentDictionary<string, Model> _models = new();
    private readonly SemaphoreSlim _gate;
    private readonly Func<string, Model> _open;

    internal ModelSet(InferenceOptions options, Device device, ILogger<Model> logger)
    {
        _gate = new SemaphoreSlim(options.InferenceRuns);
        _open = name => new Model(name, Path.Combine(AppContext.BaseDirectory, "models", name + ".onnx"), options.InferenceThreads, device, _gate, logger);
    }

    /// <summary>A network by its file's name without the suffix.</summary>
    public Model this[string name] => _models.GetOrAdd(name, _open);

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
