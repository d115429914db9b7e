using ImageEditor.Converters.Onnx;
using Microsoft.ML.OnnxRuntime;
using NetVips;

namespace ImageEditor.Converters.RemoveBackground.Networks;

/// <summary>The network that says which pixels are cut out.</summary>
internal sealed class SegmentationNetwork
{
    private readonly Model _model;
    private readonly NetworkDescription _description;

    private SegmentationNetwork(Model model, NetworkDescription description)
    {
        _model = model;
        _description = description;
    }

    /// <summary>Whether it cuts out people only, so that a picture of something else is not its.</summary>
    public bool IsForPeople => _description.Subject == Subject.Person;

    /// <summary>The network that comes with the converter.</summary>
    public static SegmentationNetwork Own(ModelSet models) => new(models["selfie-segmentation"], NetworkDescription.Own);

    /// <summary>The operator's network where there is one, checked and tried; else the own one.</summary>
    /// <exception cref="InvalidDataException">The operator's cannot be used; the message says why and what to do.</exception>
    public static SegmentationNetwork Open(ModelSet models, SegmentationOptions options)
    {
        var path = options.SegmentationNetwork;
        if (path.Length == 0)
        {
            return Own(models);
        }

        try
        {
            var description = Read(Path.ChangeExtension(path, ".json"));
            var bytes = NetworkFile.Read(path, options.SegmentationMaxBytes, description);
            var network = new SegmentationNetwork(models.GetOrCreateDerived("operator/segmentation", _ => bytes), description);
            network.Try(options.SegmentationTimeLimit);
            return network;
        }
        catch (Exception exception) when (exception
            is InvalidDataException or OnnxRuntimeException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException(
                $"The network '{path}' (setting Converter:{nameof(SegmentationOptions.SegmentationNetwork)}) cannot be used. "
                + exception.Message,
                exception);
        }
    }

    /// <summary>How likely each pixel belongs to what is cut out, from 0 to 1, in the size of the picture.</summary>
    /// <param name="picture">8 bits, RGB.</param>
    /// <param name="releaseMemory">Whether to release the memory of the runs afterwards.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public Image Segment(Image picture, bool releaseMemory, CancellationToken cancellationToken)
    {
        var input = _description.Input;
        using var squeezed = picture.Resize((double)input.Width / picture.Width, vscale: (double)input.Height / picture.Height);
        using var fitting = squeezed.Gravity(Enums.CompassDirection.Centre, input.Width, input.Height, extend: Enums.Extend.Copy);
        var (values, width, height) = Run(fitting.WriteToMemory<byte>(), releaseMemory, cancellationToken);
        using var mask = Image.NewFromMemory(values, width, height, 1, Enums.BandFormat.Float);
        using var resized = mask.Resize(
            (double)picture.Width / width, vscale: (double)picture.Height / height, kernel: Enums.Kernel.Linear);
        using var same = resized.Gravity(Enums.CompassDirection.Centre, picture.Width, picture.Height, extend: Enums.Extend.Copy);
        return same.CopyMemory();
    }

    private static NetworkDescription Read(string path)
    {
        try
        {
            return NetworkDescription.Parse(File.ReadAllText(path));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidDataException($"Its description '{path}' is missing; docs/converters.md says what is in it.", exception);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"Its description '{path}' is not right. {exception.Message}", exception);
        }
    }

    /// <summary>One run, on a picture of all colours.</summary>
    private void Try(TimeSpan limit)
    {
        using var stop = new CancellationTokenSource(limit);
        var pixels = new byte[_description.Input.Width * _description.Input.Height * 3];
        for (var i = 0; i < pixels.Length; i++)
        {
            // All values, in an order that is none of a picture.
            pixels[i] = (byte)(i * 37);
        }

        try
        {
            var (values, _, _) = Run(pixels, releaseMemory: true, stop.Token);
            stop.Token.ThrowIfCancellationRequested();
            if (values.FirstOrDefault(value => !(value >= -0.01f && value <= 1.01f)) is var wrong && wrong != 0)
            {
                throw new InvalidDataException(
                    $"Its output has the value {wrong}, and should be from 0 to 1. Say in its description which 'activation' is missing.");
            }
        }
        catch (OperationCanceledException exception)
        {
            throw new InvalidDataException(
                $"Loading it and one run take longer than {limit.TotalSeconds:0.#} s "
                + $"(Converter:{nameof(SegmentationOptions.SegmentationTimeLimit)}).",
                exception);
        }
    }

    /// <returns>The mask row by row, from 0 to 1, and its size.</returns>
    private (float[] Values, int Width, int Height) Run(byte[] pixels, bool releaseMemory, CancellationToken cancellationToken)
    {
        var (input, output) = (_description.Input, _description.Output);
        var tensor = _model.Run(
            new Dictionary<string, Tensor> { [input.Name] = ToTensor(pixels) }, [output.Name], cancellationToken, releaseMemory)[0];
        var (channels, height, width) = tensor.Shape switch
        {
            [1, var first, var second] => (1, first, second),
            [1, var first, var second, var third] when output.Layout == Layout.Nchw => (first, second, third),
            [1, var first, var second, var third] => (third, first, second),
            _ => (0, 0, 0),
        };
        if (height == 0 || output.Channel >= channels)
        {
            throw new InvalidDataException(
                $"Its output has the shape {string.Join("×", tensor.Shape)}, in which there is no channel {output.Channel} of a mask.");
        }

        if (channels == 1 && output.Activation == Activation.Softmax)
        {
            throw new InvalidDataException(
                "Its output has one channel, of which the softmax is always 1: everything would be cut out. "
                + "Say in its description that its 'activation' is sigmoid, or none.");
        }

        var mask = new float[width * height];
        var (step, stride) = output.Layout == Layout.Nchw ? (1, width * height) : (channels, 1);
        for (var i = 0; i < mask.Length; i++)
        {
            mask[i] = Activated(tensor.Values, i * step, stride, channels);
        }

        return (mask, width, height);
    }

    private float Activated(float[] values, int at, int stride, int channels)
    {
        var value = values[at + _description.Output.Channel * stride];
        switch (_description.Output.Activation)
        {
            case Activation.Sigmoid:
                return 1 / (1 + MathF.Exp(-value));
            case Activation.Softmax:
                var sum = 0f;
                for (var channel = 0; channel < channels; channel++)
                {
                    sum += MathF.Exp(values[at + channel * stride] - value);
                }

                return 1 / sum;
            default:
                return value;
        }
    }

    private Tensor ToTensor(byte[] pixels)
    {
        var input = _description.Input;
        var (low, high) = input.Range is [var first, var second] ? (first, second) : (0f, 1f);
        var plane = input.Width * input.Height;
        var isFirst = input.Layout == Layout.Nchw;
        var tensor = isFirst ? new Tensor(1, 3, input.Height, input.Width) : new Tensor(1, input.Height, input.Width, 3);
        for (var i = 0; i < pixels.Length; i++)
        {
            var channel = i % 3;
            var value = low + (high - low) * (pixels[i] / 255f);
            value = (value - (input.Mean?[channel] ?? 0)) / (input.Deviation?[channel] ?? 1);
            tensor.Values[isFirst ? channel * plane + i / 3 : i] = value;
        }

        return tensor;
    }
}
