using System.Diagnostics;
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
    private readonly SourceFile _source;
    private readonly ProgressChannel _progress;
    private readonly SizeLimits _limits;
    private readonly PictureWriter _writer;
    private readonly TimeSpan _timeLimit;
    private readonly long _start = Stopwatch.GetTimestamp();

    internal Conversion(
        ParameterValues values,
        IReadOnlyDictionary<string, Picture> pictures,
        SourceFile source,
        ProgressChannel progress,
        SizeLimits limits,
        PictureWriter writer,
        TimeSpan timeLimit,
        CancellationToken cancellationToken)
    {
        _writer = writer;
        _timeLimit = timeLimit;
        _limits = limits;
        _values = values;
        _pictures = pictures;
        _source = source;
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

    /// <summary>
    /// A file that is sent as it is, in place of the picture that the converter returns; null where that is encoded, as it is as a rule.
    /// </summary>
    public EncodedPicture? Result { get; set; }

    /// <summary>What the result is to be saved as: jpeg, png, webp or avif if that was asked for, else the input's format.</summary>
    public string Format => (ParameterSet.GetFormat(_values) ?? _source.Format).Name();

    /// <summary>Whether the caller asked for a format.</summary>
    public bool HasAskedForFormat => ParameterSet.GetFormat(_values) is not null;

    /// <summary>From 1 to 100, the quality that was asked for; null where none was.</summary>
    public int? Quality => ParameterSet.GetQuality(_values);

    /// <summary>What is left of the time that a conversion may take.</summary>
    public TimeSpan TimeLeft => _timeLimit - Stopwatch.GetElapsedTime(_start);

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

    /// <summary>Encodes a picture for a small file, for a converter that looks at how many bytes there are.</summary>
    /// <param name="image">What to encode; its rows are read from top to bottom.</param>
    /// <param name="format">jpeg, png, webp, gif, avif or tiff.</param>
    /// <param name="quality">From 1 to 100, of a JPEG, a WebP or an AVIF.</param>
    /// <exception cref="ProblemException">413, 422: the result is past a limit.</exception>
    public EncodedPicture Encode(Image image, string format, int quality)
    {
        var encodedAs = Enum.Parse<ImageFormat>(format, ignoreCase: true);
        var settings = new EncoderSettings(quality, IsForSize: true);
        return new EncodedPicture(_writer.Write(image, encodedAs, _source, settings, CancellationToken), encodedAs);
    }

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
