using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Google.Protobuf;
using ImageEditor.Converters.Differentiation;
using ImageEditor.Converters.Gradients;
using ImageEditor.Converters.Onnx.Operators;
using ImageEditor.Converters.OnnxFormat;
using ImageEditor.Testing;
using Microsoft.ML.OnnxRuntime;

namespace ImageEditor.Bench;

/// <summary>
/// What a step of DeepDream's gradient costs: ours on ONNX Runtime, with the fused operator and with ONNX's own only, and PyTorch's
/// autograd, on one backbone, one picture and as many threads, in turns; beside the backbone's forward pass alone on each.
/// </summary>
internal static class GradientBenchmark
{
    private const int Rounds = 15;
    private const int Side = 448;

    /// <summary>One of the shallow layers that DeepDream offers, one of the middle, and the deepest.</summary>
    private static readonly (string Layer, int Channels)[] Layers =
    [
        ("expanded_conv_3/project", 32),
        ("expanded_conv_6/project", 64),
        ("expanded_conv_12/add", 96),
    ];

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        var backbone = ModelProto.Parser.ParseFrom(
            await File.ReadAllBytesAsync(Path.Combine(Repository.Root, "artifacts", "models", "mobilenet-v2.onnx"), cancellationToken));
        var random = new Random(1);
        float[] image = [.. Enumerable.Range(0, 3 * Side * Side).Select(_ => 2 * random.NextSingle() - 1)];
        Console.WriteLine($"Medians of {Rounds} rounds, 1×3×{Side}×{Side}.");
        Console.WriteLine();
        Console.WriteLine(
            "| layer | threads | ours: forward | ours: step of standard operators | ours: step | steps/s "
            + "| PyTorch: forward | PyTorch: step | steps/s "
            + "| steps/s, ours to PyTorch's | our step in our forward passes |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var threads in (int[])[1, 2])
        {
            foreach (var (layer, channels) in Layers)
            {
                var cut = Gradient.Cut(backbone, (layer, [1, channels, "rows", "columns"]));
                using var forward = new Session(cut, image, threads);
                var loss = Losses.Activation(backbone, layer);
                using var standard = new Session(Gradient.Of(loss, Losses.Name, "image"), image, threads);
                using var step = new Session(Gradient.Of(loss, Losses.Name, "image", fused: true), image, threads);
                await using var torch = await PyTorchProcess.StartAsync(cut, image, threads, cancellationToken);
                var times = new List<double[]>();
                for (var round = 0; round <= Rounds; round++)
                {
                    times.Add(
                    [
                        forward.Run(),
                        standard.Run(),
                        step.Run(),
                        await torch.RunAsync("forward", cancellationToken),
                        await torch.RunAsync("step", cancellationToken),
                    ]);
                }

                // The first round is there to warm up.
                double[] median =
                    [.. Enumerable.Range(0, 5).Select(which => times.Skip(1).Select(round => round[which]).Order().ElementAt(Rounds / 2))];
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {layer} | {threads} | {median[0]:0.0} ms | {median[1]:0.0} ms | {median[2]:0.0} ms "
                    + $"| {1000 / median[2]:0.0} | {median[3]:0.0} ms | {median[4]:0.0} ms "
                    + $"| {1000 / median[4]:0.0} | {median[4] / median[2]:0.00} | {median[2] / median[0]:0.00} |"));
            }
        }
    }

    /// <summary>A graph on ONNX Runtime, set up as converters do.</summary>
    private sealed class Session : IDisposable
    {
        private readonly InferenceSession _session;
        private readonly OrtValue _image;

        public Session(ModelProto graph, float[] image, int threads)
        {
            using var options = new SessionOptions
            {
                IntraOpNumThreads = threads,
                EnableMemoryPattern = false,
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
            };
            options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
            _session = CustomOperator.Open(graph.ToByteArray(), options, ClippedDepthwiseGradient.Operator);
            _image = OrtValue.CreateTensorValueFromMemory(image, [1, 3, Side, Side]);
        }

        /// <summary>Milliseconds of one run.</summary>
        public double Run()
        {
            using var options = new RunOptions();
            var since = Stopwatch.GetTimestamp();
            using var results = _session.Run(options, ["image"], [_image], _session.OutputNames);
            return Stopwatch.GetElapsedTime(since).TotalMilliseconds;
        }

        public void Dispose()
        {
            _image.Dispose();
            _session.Dispose();
        }
    }

    /// <summary>The same graph in PyTorch, in a process of its own that computes one run for each line of input.</summary>
    private sealed class PyTorchProcess : IAsyncDisposable
    {
        private readonly DirectoryInfo _folder;
        private readonly Process _process;

        private PyTorchProcess(DirectoryInfo folder, Process process)
        {
            _folder = folder;
            _process = process;
        }

        public static async Task<PyTorchProcess> StartAsync(
            ModelProto graph, float[] image, int threads, CancellationToken cancellationToken)
        {
            var folder = Directory.CreateTempSubdirectory("bench-");
            var weights = new List<float>();
            var constants = new List<object>();
            foreach (var constant in graph.Graph.Initializer.Where(constant => constant.DataType == (int)TensorProto.Types.DataType.Float))
            {
                constants.Add(new { name = constant.Name, shape = constant.Dims, start = weights.Count });
                weights.AddRange(constant.Floats());
            }

            var nodes = graph.Graph.Node.Select(node => new
            {
                type = node.OpType,
                inputs = node.Input,
                output = node.Output[0],
                stride = node.Find("strides")?.Ints[0] ?? 1,
                group = node.Find("group")?.I ?? 1,
            });
            var described = new { height = Side, width = Side, threads, constants, nodes };
            await File.WriteAllBytesAsync(
                Path.Combine(folder.FullName, "graph.json"), JsonSerializer.SerializeToUtf8Bytes(described), cancellationToken);
            await File.WriteAllBytesAsync(
                Path.Combine(folder.FullName, "weights.bin"),
                MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(weights)).ToArray(),
                cancellationToken);
            await File.WriteAllBytesAsync(
                Path.Combine(folder.FullName, "image.bin"), MemoryMarshal.AsBytes(image.AsSpan()).ToArray(), cancellationToken);
            var script = Path.Combine(Repository.Root, "bench", "autograd.py");
            var start = new ProcessStartInfo("/usr/bin/python3", [script, folder.FullName])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            };
            return new PyTorchProcess(folder, Process.Start(start)!);
        }

        /// <summary>Milliseconds of one run.</summary>
        public async Task<double> RunAsync(string what, CancellationToken cancellationToken)
        {
            await _process.StandardInput.WriteLineAsync(what.AsMemory(), cancellationToken);
            await _process.StandardInput.FlushAsync(cancellationToken);
            var line = await _process.StandardOutput.ReadLineAsync(cancellationToken);
            return double.Parse(line ?? throw new InvalidOperationException("PyTorch has ended."), CultureInfo.InvariantCulture);
        }

        public async ValueTask DisposeAsync()
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync();
            _process.Dispose();
            _folder.Delete(recursive: true);
        }
    }
}
