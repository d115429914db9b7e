using ImageEditor.Converters.OnnxFormat;

namespace ImageEditor.Models.TfLite;

/// <summary>
/// Turns a TensorFlow Lite network into ONNX: NHWC becomes NCHW, weights OHWI become OIHW, those of a depthwise convolution (1HWC) become
/// C1HW with a group per channel, SAME padding stays a rule (the larger half below and to the right) that holds for every size.
/// </summary>
internal sealed class TfLiteConverter
{
    private const int Same = 0;

    private readonly TfLiteModel _model;
    private readonly GraphBuilder _graph;
    private readonly Func<string, string> _rename;
    private readonly Dictionary<int, string> _values = [];
    private readonly Dictionary<float, string> _bounds = [];
    private readonly Dictionary<int, TfLiteOperator> _producers;

    private TfLiteConverter(TfLiteModel model, string name, Func<string, string> rename)
    {
        _model = model;
        _graph = new GraphBuilder(name);
        _rename = rename;
        _producers = model.Operators.SelectMany(operation => operation.Outputs.Select(output => (output, operation)))
            .ToDictionary(pair => pair.output, pair => pair.operation);
    }

    /// <summary>Converts what leads to some of the model's tensors.</summary>
    /// <param name="model">The model.</param>
    /// <param name="name">What the graph is called.</param>
    /// <param name="height">Of the input <c>image</c>, 1×3×H×W: a number, or a name where the network takes any.</param>
    /// <param name="width">The same.</param>
    /// <param name="outputs">Which tensors become outputs, by the names that they are given here.</param>
    /// <param name="rename">What a tensor is called in the graph.</param>
    public static ModelProto Convert(
        TfLiteModel model, string name, Dimension height, Dimension width, Func<string, bool> outputs, Func<string, string>? rename = null)
    {
        var converter = new TfLiteConverter(model, name, rename ?? (tensor => tensor));
        converter._values[model.Inputs.Single()] = converter._graph.Input("image", 1, 3, height, width);
        foreach (var operation in model.Operators.Where(operation => operation.Code != TfLiteCode.Dequantize))
        {
            var tensor = model.Tensors[operation.Outputs[0]];
            if (outputs(converter._rename(tensor.Name)))
            {
                converter.WriteOutput(tensor, isFixed: height == (Dimension)model.Tensors[model.Inputs[0]].Shape[1]);
            }
        }

        return converter._graph.Build();
    }

    private void WriteOutput(TfLiteTensor tensor, bool isFixed)
    {
        var value = ValueOf(tensor.Index);
        if (tensor.Shape.Length != 4)
        {
            _graph.Output(value, [.. tensor.Shape.Select(side => (Dimension)side)]);
        }
        else if (isFixed)
        {
            _graph.Output(value, 1, tensor.Shape[3], tensor.Shape[1], tensor.Shape[2]);
        }
        else
        {
            _graph.Output(value, 1, tensor.Shape[3], value + "/height", value + "/width");
        }
    }

    private string ValueOf(int index)
    {
        if (!_values.TryGetValue(index, out var value))
        {
            _values[index] = value = Write(_producers[index], _rename(_model.Tensors[index].Name));
        }

        return value;
    }

    private string Write(TfLiteOperator operation, string name) => operation.Code switch
    {
        TfLiteCode.Conv2D => Convolution(operation, name),
        TfLiteCode.DepthwiseConv2D => DepthwiseConvolution(operation, name),
        TfLiteCode.Add =>
            WithActivation(
                _graph.Node("Add", LinearName(name, operation.Options.Byte(0)), Inputs(operation)), operation.Options.Byte(0), name),
        TfLiteCode.Mul =>
            WithActivation(
                _graph.Node("Mul", LinearName(name, operation.Options.Byte(0)), Inputs(operation)), operation.Options.Byte(0), name),
        TfLiteCode.Relu => _graph.Node("Relu", name, Inputs(operation)),
        TfLiteCode.HardSwish => _graph.Node("HardSwish", name, Inputs(operation)),
        TfLiteCode.Logistic => _graph.Node("Sigmoid", name, Inputs(operation)),
        TfLiteCode.AveragePool2D => AveragePool(operation, name),
        TfLiteCode.ResizeBilinear => ResizeBilinear(operation, name),
        TfLiteCode.Reshape => Reshape(operation, name),
        TfLiteCode.Concatenation when _model.Tensors[operation.Outputs[0]].Shape.Length < 4 || IsChannelsLast(operation.Inputs[0]) =>
            _graph.Node("Concat", name, Inputs(operation), ("axis", (long)operation.Options.Integer(0))),
        TfLiteCode.Custom when operation.CustomCode == "Convolution2DTransposeBias" => TransposedConvolution(operation, name),
        _ =>
            throw new InvalidDataException(
                $"'{name}' is made by the operator {operation.CustomCode ?? operation.Code.ToString()}, which is not read."),
    };

    private string[] Inputs(TfLiteOperator operation) => [.. operation.Inputs.Select(ValueOf)];

    private string Convolution(TfLiteOperator operation, string name)
    {
        var (values, shape) = Weights(operation);
        var (outputs, height, width, inputs) = (shape[0], shape[1], shape[2], shape[3]);
        var weights = new float[values.Length];
        for (var index = 0; index < values.Length; index++)
        {
            var (position, input) = Math.DivRem(index, inputs);
            var (output, place) = Math.DivRem(position, height * width);
            weights[(output * inputs + input) * height * width + place] = values[index];
        }

        return Convolution(
            operation, name, weights, [outputs, inputs, height, width], group: 1, activation: operation.Options.Byte(3), firstDilation: 4);
    }

    private string DepthwiseConvolution(TfLiteOperator operation, string name)
    {
        var (values, shape) = Weights(operation);
        var (height, width, channels) = (shape[1], shape[2], shape[3]);
        if (operation.Options.Integer(3) != 1)
        {
            throw new InvalidDataException($"The depthwise convolution '{name}' makes several channels of one, which is not read.");
        }

        var weights = new float[values.Length];
        for (var index = 0; index < values.Length; index++)
        {
            var (place, channel) = Math.DivRem(index, channels);
            weights[channel * height * width + place] = values[index];
        }

        return Convolution(
            operation, name, weights, [channels, 1, height, width], group: channels, activation: operation.Options.Byte(4), firstDilation: 5);
    }

    private string Convolution(
        TfLiteOperator operation, string name, float[] weights, long[] shape, int group, byte activation, int firstDilation)
    {
        // A dilation that is not written is 1.
        if (Math.Max(operation.Options.Integer(firstDilation), operation.Options.Integer(firstDilation + 1)) > 1)
        {
            throw new InvalidDataException($"The convolution '{name}' is dilated, which is not read.");
        }

        var result = _graph.Node(
            "Conv",
            LinearName(name, activation),
            [ValueOf(operation.Inputs[0]), _graph.Constant(name + "/weights", weights, shape), Bias(operation, name)],
            ("kernel_shape", shape[2..]),
            ("strides", new long[] { operation.Options.Integer(2), operation.Options.Integer(1) }),
            ("group", (long)group),
            ("auto_pad", operation.Options.Byte(0) == Same ? "SAME_UPPER" : "VALID"));
        return WithActivation(result, activation, name);
    }

    /// <summary>
    /// MediaPipe's own operator; its options are TensorFlow Lite's of a transposed convolution: padding (SAME is 1), stride across, stride
    /// down.
    /// </summary>
    private string TransposedConvolution(TfLiteOperator operation, string name)
    {
        var (values, shape) = Weights(operation);
        var (outputs, height, width, inputs) = (shape[0], shape[1], shape[2], shape[3]);
        var (across, down) = (BitConverter.ToInt32(operation.CustomOptions, 4), BitConverter.ToInt32(operation.CustomOptions, 8));
        if (across != width || down != height)
        {
            throw new InvalidDataException($"The steps of the transposed convolution '{name}' overlap, which is not read.");
        }

        var weights = new float[values.Length];
        for (var index = 0; index < values.Length; index++)
        {
            var (position, input) = Math.DivRem(index, inputs);
            var (output, place) = Math.DivRem(position, height * width);
            weights[(input * outputs + output) * height * width + place] = values[index];
        }

        return _graph.Node(
            "ConvTranspose",
            name,
            [ValueOf(operation.Inputs[0]), _graph.Constant(name + "/weights", weights, inputs, outputs, height, width), Bias(operation, name)],
            ("kernel_shape", new long[] { height, width }),
            ("strides", new long[] { down, across }));
    }

    private string AveragePool(TfLiteOperator operation, string name)
    {
        var sides = new long[] { operation.Options.Integer(4), operation.Options.Integer(3) };
        var input = _model.Tensors[operation.Inputs[0]].Shape;
        if (sides[0] != input[1] || sides[1] != input[2])
        {
            throw new InvalidDataException($"The pooling '{name}' is not over the whole picture, which is not read.");
        }

        return _graph.Node("GlobalAveragePool", name, [ValueOf(operation.Inputs[0])]);
    }

    private string ResizeBilinear(TfLiteOperator operation, string name)
    {
        if (operation.Options.Byte(2) != 0 || operation.Options.Byte(3) != 1)
        {
            throw new InvalidDataException($"'{name}' is resized with aligned corners or by pixels' corners, which is not read.");
        }

        var shape = _model.Tensors[operation.Outputs[0]].Shape;
        var sizes = _graph.Integers(1, shape[3], shape[1], shape[2]);
        return _graph.Node(
            "Resize",
            name,
            [ValueOf(operation.Inputs[0]), "", "", sizes],
            ("mode", "linear"),
            ("coordinate_transformation_mode", "half_pixel"));
    }

    /// <summary>Values are laid out anew in the model's own order, channels last, which the result then has.</summary>
    private string Reshape(TfLiteOperator operation, string name)
    {
        var input = ValueOf(operation.Inputs[0]);
        var plain = IsChannelsLast(operation.Inputs[0])
            ? input
            : _graph.Node("Transpose", name + "/channels_last", [input], ("perm", new long[] { 0, 2, 3, 1 }));
        var shape = _graph.Integers([.. _model.Integers(_model.Tensors[operation.Inputs[1]]).Select(side => (long)side)]);
        return _graph.Node("Reshape", name, [plain, shape]);
    }

    /// <summary>Whether a value is in the model's own order: it was reshaped.</summary>
    private bool IsChannelsLast(int index) =>
        _producers.TryGetValue(index, out var operation) && operation.Code is TfLiteCode.Reshape or TfLiteCode.Concatenation;

    private (float[] Values, int[] Shape) Weights(TfLiteOperator operation) =>
        (Constant(operation.Inputs[1]), _model.Tensors[operation.Inputs[1]].Shape);

    private string Bias(TfLiteOperator operation, string name)
    {
        var bias = Constant(operation.Inputs[2]);
        return _graph.Constant(name + "/bias", bias, bias.Length);
    }

    /// <summary>A constant, which may be stored in half precision and brought to full precision by an operator.</summary>
    private float[] Constant(int index) =>
        _model.Floats(_model.Tensors[index])
        ?? (_producers.TryGetValue(index, out var operation) && operation.Code == TfLiteCode.Dequantize
            ? _model.Floats(_model.Tensors[operation.Inputs[0]])
            : null)
        ?? throw new InvalidDataException($"'{_model.Tensors[index].Name}' must be a constant.");

    private static string LinearName(string name, byte activation) => activation == 0 ? name : name + "/linear";

    private string WithActivation(string value, byte activation, string name) => activation switch
    {
        0 => value,
        1 => _graph.Node("Relu", name, [value]),
        3 => _graph.Node("Clip", name, [value, Bound(0), Bound(6)]),
        _ => throw new InvalidDataException($"'{name}' has the activation {activation}, which is not read."),
    };

    private string Bound(float value) => _bounds.TryGetValue(value, out var known) ? known : _bounds[value] = _graph.Scalar(value);
}
