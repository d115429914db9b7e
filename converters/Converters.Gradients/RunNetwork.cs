using ImageEditor.Converters.Onnx;

namespace ImageEditor.Converters.Gradients;

/// <summary>Runs a network as far as it is needed for some of its outputs.</summary>
/// <param name="inputs">The tensors by the names that the network gives its inputs.</param>
/// <param name="outputs">Names of outputs.</param>
/// <param name="cancellationToken">Stops the run.</param>
/// <returns>A tensor for each name in <paramref name="outputs"/>.</returns>
public delegate IReadOnlyList<Tensor> RunNetwork(
    IReadOnlyDictionary<string, Tensor> inputs, IReadOnlyList<string> outputs, CancellationToken cancellationToken);
