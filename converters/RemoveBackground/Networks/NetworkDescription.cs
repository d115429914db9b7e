using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageEditor.Converters.RemoveBackground.Networks;

/// <summary>What a segmentation network takes and gives, as the file beside it says.</summary>
/// <param name="Input">The picture.</param>
/// <param name="Output">The mask.</param>
/// <param name="Subject">What it cuts out.</param>
internal sealed record NetworkDescription(NetworkInput Input, NetworkOutput Output, Subject Subject = Subject.Person)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>MediaPipe's selfie segmentation, which comes with the converter.</summary>
    public static NetworkDescription Own { get; } = new(new NetworkInput("image", 256, 256), new NetworkOutput("output"));

    /// <exception cref="InvalidDataException">The text does not say it, or says what cannot be.</exception>
    public static NetworkDescription Parse(string json)
    {
        try
        {
            var description = JsonSerializer.Deserialize<NetworkDescription>(json, Format)
                ?? throw new InvalidDataException("It is empty.");
            description.Check();
            return description;
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException(exception.Message, exception);
        }
    }

    private void Check()
    {
        if (Input.Width is < 16 or > 4096 || Input.Height is < 16 or > 4096)
        {
            throw new InvalidDataException("'width' and 'height' of its input must be from 16 to 4096 pixels.");
        }

        if (Input.Range is { Length: not 2 } || Input.Mean is { Length: not 3 } || Input.Deviation is { Length: not 3 })
        {
            throw new InvalidDataException("'range' of its input must have 2 numbers, 'mean' and 'deviation' 3 each.");
        }

        if (Input.Deviation?.Any(value => !(value > 0)) == true || Output.Channel < 0)
        {
            throw new InvalidDataException("'deviation' of its input must be above 0, 'channel' of its output 0 or more.");
        }
    }
}

/// <summary>The picture, as floats of 1×3×H×W, or 1×H×W×3.</summary>
/// <param name="Name">The input's name in the ONNX file.</param>
/// <param name="Width">Pixels that the picture is squeezed into.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Layout">Whether channels come first.</param>
/// <param name="Range">What black and white become; [0, 1] when it is not given.</param>
/// <param name="Mean">What is taken off of red, green and blue after that.</param>
/// <param name="Deviation">What they are divided by then.</param>
internal sealed record NetworkInput(
    string Name,
    int Width,
    int Height,
    Layout Layout = Layout.Nchw,
    float[]? Range = null,
    float[]? Mean = null,
    float[]? Deviation = null);

/// <summary>The mask, of any size: how sure the network is of each pixel.</summary>
/// <param name="Name">The output's name in the ONNX file.</param>
/// <param name="Layout">Whether channels come first, where it has four dimensions.</param>
/// <param name="Channel">The channel of what is cut out.</param>
/// <param name="Activation">What makes numbers from 0 to 1 of the output.</param>
internal sealed record NetworkOutput(string Name, Layout Layout = Layout.Nchw, int Channel = 0, Activation Activation = Activation.None);

/// <summary>The order of a tensor's dimensions.</summary>
internal enum Layout
{
    /// <summary>Channels, then rows.</summary>
    Nchw,

    /// <summary>Rows of pixels, channels last.</summary>
    Nhwc,
}

/// <summary>What is still to be computed of an output.</summary>
internal enum Activation
{
    /// <summary>Nothing: it is from 0 to 1.</summary>
    None,

    /// <summary>The sigmoid of each number.</summary>
    Sigmoid,

    /// <summary>The softmax over the channels.</summary>
    Softmax,
}

/// <summary>What a network cuts out.</summary>
internal enum Subject
{
    /// <summary>People only: pictures in which nobody seems to be are refused.</summary>
    Person,

    /// <summary>Whatever is in front: no picture is refused.</summary>
    Any,
}
