using System.Net;
using System.Text.Json.Nodes;
using ImageEditor.Converters.ContractTests.Driver;
using ImageEditor.Converters.ContractTests.Formulas;
using ImageEditor.Converters.ContractTests.Pictures;
using NetVips;

namespace ImageEditor.Converters.ContractTests.Suite;

/// <summary>
/// What goes from step to step of a recipe: nothing is lost between them, and the last one answers as if it were the only one.
/// </summary>
public sealed class LosslessTests(RunningConverters converters)
{
    private static readonly Dictionary<string, string> MediaTypes = new()
    {
        ["jpg"] = "image/jpeg",
        ["png"] = "image/png",
        ["webp"] = "image/webp",
        ["gif"] = "image/gif",
        ["avif"] = "image/avif",
        ["tif"] = "image/tiff",
    };

    /// <summary>Beside what keeps every pixel: a palette, deep pages, and formats that lose something when they are written.</summary>
    private static readonly Dictionary<string, Func<byte[]>> Further = new()
    {
        ["palette.png"] = () => Palette(),
        ["deep-pages.tif"] = () => DeepPages(),
        ["rocket.jpg"] = () => Photos.Read("rocket.jpg"),
        ["wide-gamut.jpg"] = () => GeneratedImages.File(GeneratedImages.WideGamut(depth: 8), "jpg"),
        ["lossy.webp"] = () => Photos.Read("gen_chelsea.webp"),
        ["rgb.avif"] = () => GeneratedImages.File(GeneratedImages.Gradient(61, 47), "avif"),
        ["alpha.avif"] = () => GeneratedImages.File(GeneratedImages.Gradient(61, 47, bands: 4), "avif"),
        ["deep.avif"] = () => GeneratedImages.File(GeneratedImages.DeepGradient(61, 47), "avif"),
        ["wide-gamut.avif"] = () => GeneratedImages.File(GeneratedImages.WideGamut(depth: 16), "avif"),
    };

    private static readonly string[] Lossy =
        ["rocket.jpg", "wide-gamut.jpg", "lossy.webp", "rgb.avif", "alpha.avif", "deep.avif", "wide-gamut.avif"];

    public static TheoryData<string> Stored => [.. LosslessPictures.Names.Select(row => row.Data), .. Further.Keys];

    /// <summary>Each turn is a step of its own; what is decoded from the first one's input is what comes out of the last one.</summary>
    [Theory]
    [MemberData(nameof(Stored))]
    public async Task Convert_FourQuarterTurns_GiveTheSamePixelsAndProfile(string picture)
    {
        var client = await converters.ClientAsync("rotate");
        var file = Further.TryGetValue(picture, out var make) ? make() : LosslessPictures.Read(picture);

        // As the converters decode it: another decoder of JPEG rounds in another way.
        using var decoded = Pixels.Open(file);
        var original = Pixels.Of(decoded);
        var (turned, kind) = (file, "");
        for (var turn = 1; turn <= 4; turn++)
        {
            var answer = await client.ConvertAsync(turned, "angle=90&format=lossless" + (turn == 1 ? "" : "&as=" + kind));

            Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
            Assert.Equal(turn == 1 ? answer.Original : kind, answer.Original);
            (turned, kind) = (answer.Body, answer.Original!);
        }

        MustBeTheSame(original, Pixels.Of(turned));
        Assert.Equal(GeneratedImages.ProfileOf(file), GeneratedImages.ProfileOf(turned));

        var last = await client.ConvertAsync(turned, "angle=0&as=" + kind);

        Assert.True(last.Status == HttpStatusCode.OK, last.Text);
        Assert.Equal(MediaTypes[Path.GetExtension(picture)[1..]], last.MediaType);
        Assert.Equal(GeneratedImages.ProfileOf(file), GeneratedImages.ProfileOf(last.Body));
        if (!Lossy.Contains(picture))
        {
            MustBeTheSame(original, Pixels.Of(last.Body));
        }
    }

    [Theory]
    [MemberData(nameof(ConverterUnderTest.PublicNames), MemberType = typeof(ConverterUnderTest))]
    public async Task Convert_BetweenSteps_IsAPngOrRefused(string name)
    {
        var client = await converters.ClientAsync(name);
        var descriptor = await client.DescriptorAsync();

        var result = await client.ConvertAsync(GeneratedImages.Small("png"), "format=lossless");

        if (!(bool)descriptor["lossless"]!)
        {
            result.MustBeProblem(HttpStatusCode.BadRequest, "invalid-parameters");
        }
        else if (result.Status == HttpStatusCode.OK)
        {
            Assert.Equal(("image/png", "png-8-lossless-full"), (result.MediaType, result.Original));
        }
        else
        {
            // There is nobody in it to cut out.
            result.MustBeProblem(HttpStatusCode.UnprocessableEntity, "nobody-found");
        }

        Assert.DoesNotContain("lossless", SchemaOf(descriptor), StringComparison.Ordinal);
        (await client.ConvertAsync(GeneratedImages.Small("png"), "as=bmp-8"))
            .MustBeProblem(HttpStatusCode.BadRequest, "invalid-parameters");
    }

    [Theory]
    [InlineData("flip-horizontal")]
    [InlineData("pixelate")]
    [InlineData("flip-vertical")]
    public async Task Convert_InTheLastStep_AnswersInTheOriginalsFormat(string name)
    {
        var client = await converters.ClientAsync(name);
        foreach (var format in GeneratedImages.Formats)
        {
            var file = GeneratedImages.Small(format);
            var inner = await client.ConvertAsync(file, "format=lossless");
            Assert.Equal((HttpStatusCode.OK, "image/png"), (inner.Status, inner.MediaType));

            var last = await client.ConvertAsync(inner.Body, "as=" + inner.Original);

            Assert.Equal((HttpStatusCode.OK, MediaTypes[format]), (last.Status, last.MediaType));
            Assert.Equal(Shape.Of(file), Shape.Of(last.Body));
            Assert.Null(last.Original);
        }
    }

    [Theory]
    [InlineData("flip-horizontal")]
    [InlineData("flip-vertical")]
    public async Task Convert_TwiceThereAndBack_KeepsEveryPixelOfFramesPagesAndDepth(string name)
    {
        var client = await converters.ClientAsync(name);
        (byte[] File, string Between)[] cases =
        [
            (GeneratedImages.File(GeneratedImages.DeepGradient(40, 30, bands: 4), "png"), "image/png"),
            (GeneratedImages.File(GeneratedImages.WideGamut(depth: 16), "tif"), "image/png"),
            (GeneratedImages.Animation("gif", hasAlpha: true), "image/webp"),
            (GeneratedImages.Animation("webp", hasAlpha: true), "image/webp"),
            (GeneratedImages.Animation("tif", hasAlpha: true), "image/tiff"),
        ];
        foreach (var (file, between) in cases)
        {
            var inner = await client.ConvertAsync(file, "format=lossless");
            Assert.Equal((HttpStatusCode.OK, between), (inner.Status, inner.MediaType));

            var last = Pixels.Of(await client.ConvertedAsync(inner.Body, "as=" + inner.Original));

            MustBeTheSame(Pixels.Of(file), last);
        }
    }

    private static void MustBeTheSame(Pixels original, Pixels result)
    {
        // Of alpha what it says: that of a GIF is opaque where no pixel is transparent, and a WebP leaves it out then.
        Assert.Equal(
            (original.Width, original.Height, original.Frames, original.Maximum),
            (result.Width, result.Height, result.Frames, result.Maximum));
        result.MustBeNear((x, y, channel) => original.At(x, y, channel), 0);
    }

    private static byte[] Palette()
    {
        using var photo = Pixels.Open(Photos.Read("coffee.png"));
        using var part = photo.Crop(0, 0, 80, 60);
        return part.PngsaveBuffer(palette: true);
    }

    private static byte[] DeepPages()
    {
        using var tall = GeneratedImages.DeepGradient(40, 90);
        using var pages = tall.Mutate(image => image.Set(GValue.GIntType, "page-height", 30));
        return GeneratedImages.File(pages, "tif");
    }

    private static string SchemaOf(JsonObject descriptor) => descriptor["parameters"]!.ToJsonString();
}
