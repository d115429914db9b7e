using ImageEditor.Converters.Images;
using NetVips;

namespace ImageEditor.Converters.ContractTests.Sdk;

/// <summary>
/// What decoders say or will say, in the words of the libvips before and behind this one, and of its libraries. What this one says is tested
/// with files (<see cref="Suite.UnreadKindTests"/>).
/// </summary>
public sealed class DecoderMessagesTests
{
    [Theory]
    [InlineData("tiff2vips: page 3 differs from page 0", "different sizes")]
    [InlineData("heifload: not all pages are the same size", "different sizes")]
    [InlineData("tiffload: images are not all the same size", "different sizes")]
    [InlineData("VipsJpeg: Unsupported JPEG data precision 16", "other than 8 bits")]
    [InlineData("VipsJpeg: Unsupported JPEG process: SOF type 0xc3", "rare kind of JPEG")]
    [InlineData("VipsJpeg: Sorry, arithmetic coding is not implemented", "rare kind of JPEG")]
    [InlineData("tiff2vips: ZSTD compression support is not configured", "compressed in a way")]
    [InlineData("tiff2vips: Compression scheme 34712 strip decoding is not implemented", "compressed in a way")]
    [InlineData("tiff2vips: samples_per_pixel not a whole number of bytes", "bits per sample")]
    [InlineData("tiff2vips: 12 bits per sample palette image not supported", "bits per sample")]
    [InlineData("tiff2vips: unsupported tiff image type", "bits per sample")]
    [InlineData("tiff2vips: not photometric interpretation 5", "colours in a way")]
    [InlineData("tiff2vips: tiled separate planes not supported", "colours in a way")]
    [InlineData("tiff2vips: subsampled images not supported", "colours in a way")]
    [InlineData("heif: Unsupported feature: Unsupported codec (4.3000)", "feature of its format")]
    [InlineData("heif: Unsupported feature: Unsupported color conversion (4.3003)", "feature of its format")]
    [InlineData("heif: Memory allocation error: Security limit exceeded (6.1000)", "more memory or more parts")]
    [InlineData("vipspng: libpng read error", "damaged")]
    [InlineData("VipsJpeg: premature end of JPEG image", "damaged")]
    [InlineData("something that no version says yet", "damaged")]
    public void Explain_Message_SaysWhatItMeans(string message, string meaning)
    {
        var said = new VipsException(message);

        var refusal = DecoderMessages.Explain(ImageFormat.Tiff, said);

        // Who looks for what went wrong inside, such as memory that ran out, finds it.
        Assert.Same(said, refusal.InnerException);
        var problem = refusal.Problem.Value;
        Assert.Contains(meaning, problem.Detail, StringComparison.Ordinal);
        Assert.Matches(@"\. (Export|Save|Send) .*\.$", problem.Detail);
    }
}
