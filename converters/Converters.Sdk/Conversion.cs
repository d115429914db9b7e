using System.Text.Json.Nodes;
using ImageEditor.Converters.Http;
using ImageEditor.Converters.Images;
using NetVips;

namespace ImageEditor.Converters;

/// <summary>One run of a converter: its input, its parameters, and what it may say on the way.</summary>
public sealed class Conversion
{
    private readonly ParameterValues _values;
    private readonly IReadOnlyDictionary<string, Picture> _pictures;
    private readonly byte[] _file;
    private readonly Messages _messages;
    private readonly SizeLimits _limits;

    internal Conversion(
        ParameterValues values, IReadOnlyDictionary<string, Picture> pictures, byte[] file, Messages messages, SizeLimits limits, CancellationToken cancellationToken)
    {
        _limits = limits;
        _values = values;
        _pictures = pictures;
        _file = file;
        _messages = messages;
        Image = pictures[InputImages.Main].Image;
        CancellationToken = cancellationToken;
    }

    /// <summary>
    /// The input: upright; grey or RGB with its profile, if it has one; 8 or 16 bits per channel; alpha last; not premultiplied. An
    /// animation's frames are stacked, each <see cref="NetVips.Image.PageHeight"/> high. Its rows can be read once, from top to bottom
    /// (<see cref="NetVips.Image.CopyMemory"/> makes them readable in any order).
    /// </summary>
    public Image Image { get; }

    /// <summary>Cancelled when the caller hangs up or the time is over. libvips heeds it by itself; what else takes long must look at it.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>What was found out about the picture, sent along as <c>X-Result-Info</c> unless it stays empty.</summary>
    public JsonObject ResultInfo { get; } = [];

    /// <summary>Whether the result is transparent somewhere: then a JPEG becomes a PNG, unless the caller asks for a format.</summary>
    public bool NeedsAlpha { get; set; }

    /// <summary>The value of a parameter, or its default.</summary>
    public T Get<T>(Parameter<T> parameter) => _values.Get(parameter);

    /// <summary>The image given for a parameter, in the same form as <see cref="Image"/>; null when none was given.</summary>
    public Image? Get(ImageParameter parameter) => _pictures.GetValueOrDefault(parameter.Name)?.Image;

    /// <summary>The input's first frame, upright and in sRGB, made to fit into a square: much quicker than to make <see cref="Image"/> smaller.</summary>
    /// <param name="side">Pixels; a picture that fits already keeps its size.</param>
    /// <exception cref="VipsException">The input is damaged.</exception>
    public Image Thumbnail(int side) => Thumbnails.Make(_file, side);

    /// <summary>Refuses, before any work is done, what would end in a result that is too large.</summary>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels, of one frame.</param>
    /// <param name="frames">How many frames there will be.</param>
    /// <exception cref="RefusalException">422: past a limit.</exception>
    public void EnsureResultFits(int width, int height, int frames) => _limits.CheckResult(width, height, frames);

    /// <summary>Tells the caller, if it wants to know, how far the work is.</summary>
    /// <param name="progress">From 0 to 1.</param>
    public void Report(double progress) => _messages.Report(progress);

    /// <summary>Shows the caller, if it wants to see, what the result looks like so far. It is made smaller; the image itself is not kept.</summary>
    public void Preview(Image image) => _messages.Preview(image);
}
