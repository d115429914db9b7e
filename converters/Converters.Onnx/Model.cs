using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace ImageEditor.Converters.Onnx;

/// <summary>A network, with one session of ONNX Runtime that all requests share.</summary>
public sealed partial class Model : IDisposable
{
    private static readonly Meter Meter = new("ImageEditor.Converters.Onnx");

    /// <summary>Seconds that runs took, without their wait for one another.</summary>
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "image_editor.inference.duration", "s", "Time that a run of a network took, without its wait for others");

    private readonly Lock _loading = new();
    private readonly Func<SessionOptions, InferenceSession> _load;
    private readonly int _threads;
    private readonly Device _device;
    private readonly SemaphoreSlim _gate;
    private readonly ILogger<Model> _logger;
    private InferenceSession? _session;

    internal Model(
        string name, Func<SessionOptions, InferenceSession> load, int threads, Device device, SemaphoreSlim gate, ILogger<Model> logger)
    {
        Name = name;
        _load = load;
        _threads = threads;
        _device = device;
        _gate = gate;
        _logger = logger;
    }

    /// <summary>Its file's name without the suffix.</summary>
    public string Name { get; }

    /// <summary>Runs a network that has one input and one output.</summary>
    /// <param name="input">The picture, in the shape and range that docs/models.md gives.</param>
    /// <param name="cancellationToken">Stops the run within the operator that is being computed.</param>
    /// <param name="releaseMemory">Whether to release the memory of the runs afterwards: set for the last run of a picture.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Tensor Run(Tensor input, CancellationToken cancellationToken, bool releaseMemory = false) =>
        Run(
            new Dictionary<string, Tensor> { [Session.InputNames[0]] = input },
            [Session.OutputNames[0]],
            cancellationToken,
            releaseMemory)[0];

    /// <summary>Runs the network as far as it is needed for some of its outputs.</summary>
    /// <param name="inputs">The tensors by the names that the model gives its inputs.</param>
    /// <param name="outputs">Names of outputs.</param>
    /// <param name="cancellationToken">Stops the run within the operator that is being computed.</param>
    /// <param name="releaseMemory">Whether to release the memory of the runs afterwards: set for the last run of a picture.</param>
    /// <returns>A tensor for each name in <paramref name="outputs"/>.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IReadOnlyList<Tensor> Run(
        IReadOnlyDictionary<string, Tensor> inputs,
        IReadOnlyList<string> outputs,
        CancellationToken cancellationToken,
        bool releaseMemory = false)
    {
        var session = Session;
        _gate.Wait(cancellationToken);
        try
        {
            Activity.Current?.SetTag("inference.model", Name).SetTag("inference.device", _device.Name);
            var since = Stopwatch.GetTimestamp();
            var results = Run(session, inputs, outputs, releaseMemory, cancellationToken);
            Duration.Record(Stopwatch.GetElapsedTime(since).TotalSeconds, new("model", Name), new("device", _device.Name));
            return results;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _session?.Dispose();

    private static IReadOnlyList<Tensor> Run(
        InferenceSession session,
        IReadOnlyDictionary<string, Tensor> inputs,
        IReadOnlyList<string> outputs,
        bool releaseMemory,
        CancellationToken cancellationToken)
    {
        using var options = new RunOptions();
        if (releaseMemory)
        {
            options.AddRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0");
        }

        var values = new Dictionary<string, OrtValue>();
        using var stop = cancellationToken.Register(() => options.Terminate = true);
        try
        {
            foreach (var (name, tensor) in inputs)
            {
                values.Add(name, OrtValue.CreateTensorValueFromMemory(tensor.Values, [.. tensor.Shape.Select(length => (long)length)]));
            }

            using var results = session.Run(options, values, outputs);
            return [.. results.Select(ToTensor)];
        }
        catch (OnnxRuntimeException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            foreach (var value in values.Values)
            {
                value.Dispose();
            }
        }
    }

    private static Tensor ToTensor(OrtValue value) =>
        new(value.GetTensorDataAsSpan<float>().ToArray(), [.. value.GetTensorTypeAndShape().Shape.Select(length => checked((int)length))]);

    private InferenceSession Session
    {
        get
        {
            lock (_loading)
            {
                return _session ??= Load();
            }
        }
    }

    private InferenceSession Load()
    {
        var since = Stopwatch.GetTimestamp();
        using var options = new SessionOptions
        {
            IntraOpNumThreads = _threads,

            // Plans for one size are of no use to the next picture.
            EnableMemoryPattern = false,

            // Warnings are about how the model was made.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };

        // Threads that wait sleep: other processes share the machine.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        _device.ApplyTo(options);
        var session = _load(options);
        Log.Loaded(_logger, Name, Stopwatch.GetElapsedTime(since).TotalMilliseconds, _device.Name, _threads);
        return session;
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Information,
            "Loaded the model {Model} in {Milliseconds:0} ms; it runs on {Device} with {Threads} threads",
            EventName = "ModelLoaded")]
        public static partial void Loaded(ILogger logger, string model, double milliseconds, string device, int threads);
    }
}
