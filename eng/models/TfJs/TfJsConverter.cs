using System.Text.Json;
using ImageEditor.Converters.OnnxFormat;

namespace ImageEditor.Models.TfJs;

/// <summary>
/// Turns a TensorFlow.js layers model, an image-to-image network of convolutions, into ONNX: NHWC becomes NCHW, and so HWIO becomes OIHW.
/// </summary>
/// <remarks>
/// Layer classes: Conv2D, Activation, Concatenate, Add, UpSampling2D (nearest), and two that idealo's networks define themselves:
/// MultiplyBeta (x·beta) and PixelShuffle (TensorFlow's depth_to_space, which is ONNX's mode DCR).
/// </remarks>
internal sealed class TfJsConverter
{
    private readonly GraphBuilder _graph = new("upscale");
    private readonly Dictionary<string, JsonElement> _layers;
    private readonly Dictionary<string, string> _values = [];
    private readonly TfJsWeights _weights;
    private readonly string _input;
    private readonly string _output;

    private TfJsConverter(JsonElement model, string folder)
    {
        var topology = model.GetProperty("modelTopology").GetProperty("model_config").GetProperty("config");
        _layers = topology.GetProperty("layers").EnumerateArray().ToDictionary(layer => layer.GetProperty("name").GetString()!);
        _input = topology.GetProperty("input_layers")[0][0].GetString()!;
        _output = topology.GetProperty("output_layers")[0][0].GetString()!;
        _weights = new TfJsWeights(model.GetProperty("weightsManifest"), folder);
    }

    /// <param name="file">The model's <c>model.json</c>; its weights lie beside it.</param>
    /// <returns>A graph from <c>image</c> (1×3×H×W) to <c>output</c>, in the range that the model was trained for.</returns>
    public static ModelProto Convert(string file)
    {
        using var model = JsonDocument.Parse(File.ReadAllBytes(file));
        return new TfJsConverter(model.RootElement, Path.GetDirectoryName(file)!).Convert();
    }

    private ModelProto Convert()
    {
        _values[_input] = _graph.Input("image", 1, 3, "height", "width");
        var output = _graph.Node("Identity", "output", [ValueOf(_output)]);
        _graph.Output(output, 1, 3, "output_height", "output_width");
        return _graph.Build();
    }

    /// <summary>The value of a layer, which is written when it is first asked for: a model's layers are in no certain order.</summary>
    private string ValueOf(string name)
    {
        if (!_values.TryGetValue(name, out var value))
        {
            var layer = _layers[name];
            string[] inputs = [.. layer.GetProperty("inbound_nodes")[0].EnumerateArray().Select(node => ValueOf(node[0].GetString()!))];
            _values[name] = value = Write(name, layer.GetProperty("class_name").GetString()!, layer.GetProperty("config"), inputs);
        }

        return value;
    }

    private string Write(string name, string type, JsonElement config, string[] inputs) => type switch
    {
        "Conv2D" => Convolution(name, config, inputs[0]),
        "Activation" => Activation(name, config.GetProperty("activation").GetString()!, inputs[0]),
        "Concatenate" when config.GetProperty("axis").GetInt32() is 3 or -1 => _graph.Node("Concat", name, inputs, ("axis", 1L)),
        "Add" => inputs[1..].Aggregate(inputs[0], (sum, input) => _graph.Node("Add", name, [sum, input])),
        "UpSampling2D" when config.GetProperty("interpolation").GetString() == "nearest" => Enlarge(name, config, inputs[0]),
        "MultiplyBeta" => _graph.Node("Mul", name, [inputs[0], _graph.Scalar(config.GetProperty("beta").GetSingle())]),
        "PixelShuffle" => _graph.Node("DepthToSpace", name, inputs, ("blocksize", config.GetProperty("scale").GetInt64()), ("mode", "DCR")),
        _ => throw new InvalidDataException($"The layer '{name}' is of the class {type} with {config}, which is not read."),
    };

    private string Convolution(string name, JsonElement config, string input)
    {
        var (kernel, shape) = _weights[name + "/kernel"];
        if (config.GetProperty("strides")[0].GetInt32() != 1 || config.GetProperty("dilation_rate")[0].GetInt32() != 1 || shape[0] % 2 == 0)
        {
            throw new InvalidDataException($"The convolution '{name}' has {config}; only odd ones without stride are read.");
        }

        var weights = _graph.Constant(name + "/kernel", ToOihw(kernel, shape), shape[3], shape[2], shape[0], shape[1]);
        var (bias, _) = _weights[name + "/bias"];
        // Some 1×1 convolutions say "valid", which is the same for them.
        var pad = config.GetProperty("padding").GetString() == "same" ? shape[0] / 2 : 0;
        var sum = _graph.Node(
            "Conv",
            name,
            [input, weights, _graph.Constant(name + "/bias", bias, bias.Length)],
            ("kernel_shape", new long[] { shape[0], shape[1] }),
            ("pads", new long[] { pad, pad, pad, pad }));
        return Activation(name + "/activation", config.GetProperty("activation").GetString()!, sum);
    }

    private string Activation(string name, string function, string input) => function switch
    {
        "linear" => input,
        "relu" => _graph.Node("Relu", name, [input]),
        _ => throw new InvalidDataException($"'{name}' has the activation {function}, which is not read."),
    };

    private string Enlarge(string name, JsonElement config, string input)
    {
        var size = config.GetProperty("size");
        var scales = _graph.Constant(name + "/scales", [1, 1, size[0].GetSingle(), size[1].GetSingle()], 4);
        return _graph.Node(
            "Resize",
            name,
            [input, "", scales],
            ("mode", "nearest"),
            ("coordinate_transformation_mode", "asymmetric"),
            ("nearest_mode", "floor"));
    }

    private static float[] ToOihw(float[] hwio, int[] shape)
    {
        var (height, width, inputs, outputs) = (shape[0], shape[1], shape[2], shape[3]);
        var oihw = new float[hwio.Length];
        for (var index = 0; index < hwio.Length; index++)
        {
            var (position, output) = Math.DivRem(index, outputs);
            (position, var input) = Math.DivRem(position, inputs);
            oihw[((output * inputs) + input) * height * width + position] = hwio[index];
        }

        return oihw;
    }
}
