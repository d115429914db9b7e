using ImageEditor.ConversionManager.ImageInspection;
using ImageEditor.Converters.Images;
using ImageEditor.Converters.Settings;
using ImageEditor.ServiceDefaults.Problems;
using NetVips;

namespace ImageEditor.Bench.Fuzz;

/// <summary>The process that may die: reads files from its input, each after its length (4 bytes), and says how it went.</summary>
internal static class Child
{
    /// <summary>A file was accepted, and decoded to its last pixel where that is the target's work.</summary>
    public const string Read = "read";

    /// <summary>It was refused with a reason.</summary>
    public const string Refused = "refused";

    /// <summary>Anything else; what it was follows.</summary>
    public const string Fault = "fault";

    private static readonly string[] OutOfMemory =
        ["out of memory", "insufficient memory", "memory allocation", "allocate", "no space for", "not enough memory"];

    public static int Run(string target)
    {
        var options = new ConverterOptions();
        Vips.Configure(options);
        var reader = new PictureReader(new SizeLimits(options));
        using var input = Console.OpenStandardInput();
        var length = new byte[4];
        while (input.ReadAtLeast(length, length.Length, throwOnEndOfStream: false) == length.Length)
        {
            var file = new byte[BitConverter.ToInt32(length)];
            input.ReadExactly(file);
            Console.WriteLine(target == "inspector" ? Inspect(file) : Decode(reader, file));
        }

        return 0;
    }

    private static string Inspect(byte[] file)
    {
        try
        {
            var inspection = ImageInspector.Inspect(file);
            var complete = ImageInspector.InspectComplete(file);
            inspection = inspection.IsAccepted ? inspection : ImageInspector.InspectHeic(file);
            return !inspection.IsAccepted && complete.IsAccepted ? $"{Fault} complete, but not readable"
                : inspection.IsAccepted && new ImageLimits().Check(inspection.Info) is null ? Read
                : Refused;
        }
        catch (Exception exception)
        {
            return $"{Fault} {OnOneLine(exception)}";
        }
    }

    private static string Decode(PictureReader reader, byte[] file)
    {
        try
        {
            using var picture = reader.Read(file, resultFormat: null, CancellationToken.None);

            // Most converters want known colours, and so meet what is wrong with a profile.
            using var srgb = Colours.ToSrgb(picture.Image);
            srgb.Avg();
            return Read;
        }
        catch (ProblemException refusal)
        {
            return Judge(refusal);
        }
        catch (VipsException exception)
        {
            // A converter looks for damage then, and has a fault when it finds none.
            return RanOutOfMemory(exception) || PictureReader.FindDamage(file, allFrames: true, CancellationToken.None) is not { } damage
                ? $"{Fault} {OnOneLine(exception)}"
                : Judge(damage);
        }
        catch (Exception exception)
        {
            return $"{Fault} {OnOneLine(exception)}";
        }
    }

    /// <summary>A refusal is right, unless the library only refused because its memory had run out.</summary>
    private static string Judge(ProblemException refusal) =>
        refusal.InnerException is { } cause && RanOutOfMemory(cause) ? $"{Fault} {OnOneLine(cause)}" : Refused;

    /// <summary>
    /// In the words of libvips and its decoders. Two say so for other reasons: libheif at a limit of its own; libtiff of a list of nothing,
    /// and of one that is longer than libvips lets it read.
    /// </summary>
    private static bool RanOutOfMemory(Exception exception) =>
        !exception.Message.Contains("ecurity limit", StringComparison.Ordinal)
        && !exception.Message.Contains("(0 elements", StringComparison.Ordinal)
        && !exception.Message.Contains("Out of memory reading of", StringComparison.Ordinal)
        && OutOfMemory.Any(words => exception.Message.Contains(words, StringComparison.OrdinalIgnoreCase));

    private static string OnOneLine(Exception exception) => exception.ToString().ReplaceLineEndings(" ");
}
