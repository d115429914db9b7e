using Google.Protobuf;
using ImageEditor.Converters.Gradients;
using ImageEditor.Converters.Onnx.Operators;
using ImageEditor.Converters.OnnxFormat;
using Microsoft.ML.OnnxRuntime;

namespace ImageEditor.Converters.Tests.Support;

/// <summary>A network as ONNX Runtime runs it, in the order of its operators; on one thread by default.</summary>
internal sealed class Model : IDisposable
{
    private readonly InferenceSession _session;

    private Model(byte[] file, int threads = 1, params IEnumerable<CustomOperator> operators)
    {
        using var options = new SessionOptions { IntraOpNumThreads = threads, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        _session = CustomOperator.Open(file, options, operators.Prepend(ClippedDepthwiseGradient.Operator));
    }

    /// <summary>A model that the build converted.</summary>
    public static Model Built(string name) => new(File.ReadAllBytes(Path.Combine(Paths.Models, name + ".onnx")));

    /// <param name="graph">A graph of ONNX's operators and <see cref="ClippedDepthwiseGradient"/>.</param>
    /// <param name="threads">Threads of one run.</param>
    /// <param name="operators">Other operators that it has.</param>
    public static Model Of(ModelProto graph, int threads = 1, params IEnumerable<CustomOperator> operators) =>
        new(graph.ToByteArray(), threads, operators);

    public static Model Of(byte[] file) => new(file);

    /// <summary>All outputs by name, from inputs of the same order as the model's.</summary>
    public IReadOnlyDictionary<string, Tensor> Run(params IReadOnlyList<Tensor> inputs) =>
        RunNamed(_session.InputNames.Zip(inputs).ToDictionary(pair => pair.First, pair => pair.Second));

    /// <summary>All outputs by name, from inputs by name.</summary>
    public IReadOnlyDictionary<string, Tensor> RunNamed(IReadOnlyDictionary<string, Tensor> inputs)
    {
        OrtValue[] values =
            [.. _session.InputNames.Select(name => OrtValue.CreateTensorValueFromMemory(inputs[name].Values, inputs[name].Shape))];
        try
        {
            using var options = new RunOptions();
            using var results = _session.Run(options, [.. _session.InputNames], values, _session.OutputNames);
            return _session.OutputNames.Zip(results).ToDictionary(
                pair => pair.First,
                pair => new Tensor(pair.Second.GetTensorDataAsSpan<float>().ToArray(), pair.Second.GetTensorTypeAndShape().Shape));
        }
        finally
        {
            foreach (var value in values)
            {
                value.Dispose();
            }
        }
    }

    public void Dispose() => _session.Dispose();
}
