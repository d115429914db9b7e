using System.Text.Json.Nodes;
using ImageEditor.Converters.Descriptors;
using ImageEditor.Converters.Images;
using ImageEditor.ServiceDefaults.Problems;
using NetVips;

namespace ImageEditor.Converters.Pipeline;

/// <summary>One run of a converter: its input and its parameters, and what it reports while it works.</summary>
public sealed class Conversion
{
    /// <summary>The name of the picture that is converted, among the parts of a form.</summary>
    internal const string InputName = "image";

    private readonly ParameterValues _values;
    private readonly IReadOnlyDictionary<string, Picture> _pictures;
    private readonly ProgressChannel _progress;
    private readonly SizeLimits _limits;

    internal Conversion(
        ParameterValues values,
        IReadOnlyDictionary<string, Picture> pictures,
        ProgressChannel progress,
        SizeLimits limits,
        CancellationToken cancellationToken)
    {
        _limits = limits;
        _values = values;
        _pictures = pictures;
        _progress = progress;
        Image = pictures[InputName].Image;
        CancellationToken = cancellationToken;
    }

    /// <summary>
    /// The input: upright; grey or RGB with its profile, if it has one; 8 or 16 bits per channel; alpha last; not premultiplied. An
    /// animation's frames are stacked, each <see cref="NetVips.Image.PageHeight"/> high. Its rows can be read once, from top to bottom
    /// (<see cref="NetVips.Image.CopyMemory"/> makes them readable in any order).
    /// </summary>
    public Image Image { get; }

    /// <summary>
    /// Cancelled when the caller aborts the request, or after the time limit. libvips stops by itself; other long work must check it.
    /// </summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>What the converter found in the picture. It is sent as <c>X-Result-Info</c> unless it is empty.</summary>
    public JsonObject ResultInfo { get; } = [];

    /// <summary>Whether the result is transparent somewhere: then a JPEG becomes a PNG, unless the caller asks for a format.</summary>
    public bool NeedsAlpha { get; set; }

    /// <summary>The value of a parameter, or its default.</summary>
    public T Get<T>(Parameter<T> parameter) => _values.Get(parameter);

    /// <summary>The image given for a parameter, in the same form as <see cref="Image"/>; null when none was given.</summary>
    public Image? Get(ImageParameter parameter) => _pictures.GetValueOrDefault(parameter.Name)?.Image;

    /// <summary>
    /// The input's first frame, no larger than needed, for converters that need not decode all of it. In the input's colours, with its
    /// profile.
    /// </summary>
    /// <param name="side">Pixels: the most that it may be wide and high. A picture that fits already keeps its size.</param>
    /// <exception cref="VipsException">The file is damaged.</exception>
    public Image Shrunk(int side) => _pictures[InputName].Shrunk(side);

    /// <summary>Refuses a result that is too large, before any work is done.</summary>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels, of one frame.</param>
    /// <param name="frames">How many frames there will be.</param>
    /// <exception cref="ProblemException">422: past a limit.</exception>
    public void EnsureResultFits(int width, int height, int frames) => _limits.CheckResult(width, height, frames);

    /// <summary>Reports how much of the work is done. It costs nothing when the caller does not ask for progress.</summary>
    /// <param name="progress">From 0 to 1.</param>
    public void Report(double progress) => _progress.Report(progress);

    /// <summary>
    /// Sends the caller, if it asks for progress, a small copy of what the result looks like so far. The image itself is not kept.
    /// </summary>
    public void Preview(Image image) => _progress.Preview(image);
}
