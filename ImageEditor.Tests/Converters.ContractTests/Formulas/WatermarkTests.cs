using System.Net;
using ImageEditor.Converters.ContractTests.Driver;
using ImageEditor.Converters.ContractTests.Pictures;
using NetVips;

namespace ImageEditor.Converters.ContractTests.Formulas;

public sealed class WatermarkTests(RunningConverters converters)
{
    private const int Width = 400;
    private const int Height = 300;

    /// <summary>Three hundredths of the shorter side.</summary>
    private const int Margin = 9;

    public static TheoryData<string> Places =>
        ["bottom-right", "bottom", "bottom-left", "left", "centre", "right", "top-left", "top", "top-right"];

    /// <summary>What a solid block of text is measured by: the change that it makes lies within the box that place and size say.</summary>
    [Theory]
    [MemberData(nameof(Places))]
    public async Task Convert_Text_IsWhereItWasPut(string place)
    {
        var client = await converters.ClientAsync("watermark");

        var result = Pixels.Of(await client.ConvertedAsync(Grey(8), $"text=HHHH&size=40&opacity=100&color=%23ff0000&place={place}"));

        var (left, top, right, bottom) = Changed(result, 60);
        Assert.InRange(right - left, 155, 161);
        Assert.InRange(bottom - top, 20, 80);
        Assert.InRange(
            place.EndsWith("left", StringComparison.Ordinal) ? left - Margin
                : place.EndsWith("right", StringComparison.Ordinal) ? Width - right - Margin
                : (left + right - Width) / 2.0,
            -2, 4);
        Assert.InRange(
            place.StartsWith("top", StringComparison.Ordinal) ? top - Margin
                : place.StartsWith("bottom", StringComparison.Ordinal) ? Height - bottom - Margin
                : (top + bottom - Height) / 2.0,
            -2, 4);
    }

    /// <summary>
    /// A text that is the same from both ends, as long as letters: what is drawn of its last letter is the mirror image of its first. On
    /// black, where the rim is not seen.
    /// </summary>
    [Theory]
    [InlineData(6)]
    [InlineData(13)]
    [InlineData(29)]
    [InlineData(47)]
    [InlineData(100)]
    public async Task Convert_Text_IsNotCutOff(int size)
    {
        var client = await converters.ClientAsync("watermark");

        var black = GeneratedImages.File(Solid(8, 0, 0, 0), "png");
        var result = Pixels.Of(await client.ConvertedAsync(black, $"text=IooooooooI&size={size}&opacity=100&place=centre"));

        var (left, top, right, bottom) = Changed(result, 0);
        double Ink(int from, int to) => Enumerable.Range(from, to - from)
            .Sum(x => Enumerable.Range(top, bottom - top).Sum(y => (double)result.At(x, y, 0)));
        var letter = Math.Max(1, (right - left) / 20);
        Assert.InRange(Ink(right - letter, right) / Ink(left, left + letter), 0.75, 1.33);
    }

    /// <summary>A place that a letter covers whole shows the mixture of the two colours.</summary>
    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    public async Task Convert_Opacity_IsTheShareOfTheColour(int depth)
    {
        var client = await converters.ClientAsync("watermark");
        foreach (var opacity in (int[])[0, 25, 60, 100])
        {
            var result = Pixels.Of(await client.ConvertedAsync(
                Grey(depth), $"text=HHHH&size=90&opacity={opacity}&color=%23ff8000&place=centre"));

            double[] colour = [255, 128, 0];
            for (var channel = 0; channel < 3; channel++)
            {
                var expected = result.Maximum / 255.0 * (60 + ((colour[channel] - 60) * opacity / 100));
                Assert.Contains(
                    Enumerable.Range(0, Width * Height),
                    i => Math.Abs(result.Values[(i * Pixels.Channels) + channel] - expected) <= result.Maximum / 255.0);
            }
        }
    }

    [Theory]
    [InlineData("<b>HH</b>", "HH")]
    [InlineData("&lt;", "<")]
    [InlineData("H &amp; H", "H & H")]
    [InlineData("<span size='999999'>H</span>", "H")]
    public async Task Convert_Markup_IsShownAsItIsWritten(string written, string read)
    {
        var client = await converters.ClientAsync("watermark");

        var asWritten = Pixels.Of(await client.ConvertedAsync(Grey(8), $"text={Uri.EscapeDataString(written)}&size=90&opacity=100"));
        var asRead = Pixels.Of(await client.ConvertedAsync(Grey(8), $"text={Uri.EscapeDataString(read)}&size=90&opacity=100"));

        // A longer line in the same width is lower.
        Assert.InRange(
            HeightOf(Changed(asWritten, 60)), 5, HeightOf(Changed(asRead, 60)) - 10);
    }

    /// <summary>Letters of the ground's own colour are seen by their rim, which has the opposite brightness.</summary>
    [Theory]
    [InlineData(8, "%23ffffff", 255)]
    [InlineData(8, "%23000000", 0)]
    [InlineData(16, "%23ffffff", 255)]
    public async Task Convert_TextOnItsOwnColour_IsReadByItsRim(int depth, string colour, int ground)
    {
        var client = await converters.ClientAsync("watermark");
        var file = GeneratedImages.File(Solid(depth, ground, ground, ground), "png");

        var result = Pixels.Of(await client.ConvertedAsync(file, $"text=HHHH&size=90&opacity=60&place=centre&color={colour}"));

        // Half of the opposite at most, of which the opacity leaves 60 %.
        var changes = Enumerable.Range(0, Width * Height)
            .Select(i => Math.Abs((result.Values[i * Pixels.Channels] * 255.0 / result.Maximum) - ground))
            .ToList();
        Assert.InRange(changes.Max(), 60, 77);
        Assert.InRange(changes.Count(change => change > 40), 500, Width * Height / 10);
    }

    [Fact]
    public async Task Convert_LongestText_IsOneLineWithinThePictureAndALongerOneIs400()
    {
        var client = await converters.ClientAsync("watermark");
        using var wide = Solid(8, 60, 60, 60).Resize(10, vscale: 1);
        var file = GeneratedImages.File(wide, "png");

        var result = Pixels.Of(await client.ConvertedAsync(file, $"text={new string('H', 200)}&size=100&opacity=100&place=centre"));

        var (left, top, right, bottom) = Changed(result, 60);
        // Letters stand at whole pixels, of which each has 20.
        const int room = (10 * Width) - (2 * Margin);
        Assert.InRange(right - left, room * 94 / 100, room);
        Assert.InRange(bottom - top, 10, 40);
        (await client.ConvertAsync(file, $"text={new string('H', 201)}")).MustBeProblem(HttpStatusCode.BadRequest, "invalid-parameters");
    }

    [Theory]
    [InlineData("日本", "日")]
    [InlineData("A crab \U0001F980", "1F980")]
    public async Task Convert_CharacterThatTheFontLacks_Is400ThatNamesIt(string text, string named)
    {
        var client = await converters.ClientAsync("watermark");

        var detail = (await client.ConvertAsync(Grey(8), $"text={Uri.EscapeDataString(text)}"))
            .MustBeProblem(HttpStatusCode.BadRequest, "invalid-parameters");

        Assert.Contains(named, detail, StringComparison.Ordinal);
        Assert.Contains("'text'", detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("© Ünïcode ŠŽ ĳ")]
    [InlineData("Ελληνικά и русский")]
    [InlineData("عربي")]
    [InlineData("→ ✓ ☀ ½")]
    public async Task Convert_ManyScripts_AreWritten(string text)
    {
        var client = await converters.ClientAsync("watermark");

        var result = Pixels.Of(await client.ConvertedAsync(Grey(8), $"text={Uri.EscapeDataString(text)}&opacity=100"));

        Assert.InRange(HeightOf(Changed(result, 60)), 5, Height);
    }

    /// <summary>Colours that are not premultiplied, over one another: a = m + b(1 - m), c = (m·C + b(1 - m)·B) / a.</summary>
    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    public async Task Convert_PictureOverTransparency_FollowsPorterAndDuff(int depth)
    {
        var client = await converters.ClientAsync("watermark");
        var maximum = depth == 16 ? 65_535 : 255;
        byte[] file = GeneratedImages.File(Solid(depth, 40, 80, 120, 102), "png");
        byte[] sign = GeneratedImages.File(Solid(8, 200, 100, 0, 204), "png");
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(file), "image" },
            { new ByteArrayContent(sign), "picture" },
        };

        // The suite's own text would be a second watermark.
        var answer = await client.ConvertAsync(form, "text=&size=50&opacity=50&place=top-left");

        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        var result = Pixels.Of(answer.Body);
        var (m, b) = (0.5 * 204 / 255, 102.0 / 255);
        var alpha = m + (b * (1 - m));
        double[] over = [200, 100, 0];
        double[] under = [40, 80, 120];
        for (var channel = 0; channel < 3; channel++)
        {
            var expected = ((m * over[channel]) + (b * (1 - m) * under[channel])) / alpha / 255 * maximum;
            Assert.InRange(result.At(40, 40, channel) - expected, -maximum / 200.0, maximum / 200.0);
        }

        Assert.InRange(result.At(40, 40, Pixels.Alpha) - (alpha * maximum), -maximum / 200.0, maximum / 200.0);
        Assert.Equal(102 * maximum / 255, result.At(Width - 2, Height - 2, Pixels.Alpha));
    }

    [Fact]
    public async Task Convert_Animation_IsMarkedOnEachFrame()
    {
        var client = await converters.ClientAsync("watermark");
        foreach (var format in (string[])["gif", "webp", "tif"])
        {
            var file = GeneratedImages.Animation(format, hasAlpha: false);
            var input = Pixels.Of(file);

            var result = Pixels.Of(await client.ConvertedAsync(file, "text=H&size=30&opacity=100&place=centre"));

            Assert.Equal((input.Width, input.Height, input.Frames), (result.Width, result.Height, result.Frames));
            for (var frame = 0; frame < input.Frames; frame++)
            {
                var top = frame * input.FrameHeight;
                Assert.Contains(
                    Enumerable.Range(0, input.FrameHeight * input.Width),
                    i =>
                    {
                        var (x, y) = (i % input.Width, top + (i / input.Width));
                        return Math.Abs(result.At(x, y, 1) - input.At(x, y, 1)) > 60;
                    });
            }
        }
    }

    [Fact]
    public async Task Convert_NeitherTextNorPictureOrBoth_Is400()
    {
        var client = await converters.ClientAsync("watermark");
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(Grey(8)), "image" },
            { new ByteArrayContent(Grey(8)), "picture" },
        };

        (await client.ConvertAsync(Grey(8), "text=%E2%80%8B")).MustBeProblem(HttpStatusCode.BadRequest, "invalid-parameters");
        (await client.ConvertAsync(Grey(8), "text=")).MustBeProblem(HttpStatusCode.BadRequest, "invalid-parameters");
        (await client.ConvertAsync(form, "text=both")).MustBeProblem(HttpStatusCode.BadRequest, "invalid-parameters");
    }

    private static byte[] Grey(int depth) => GeneratedImages.File(Solid(depth, 60, 60, 60), "png");

    private static Image Solid(int depth, params double[] colour)
    {
        using var image = Image.Black(Width, Height, bands: colour.Length) + colour;
        using var scaled = image * (depth == 16 ? 257.0 : 1.0);
        using var cast = scaled.Cast(depth == 16 ? Enums.BandFormat.Ushort : Enums.BandFormat.Uchar);
        return cast.Copy(interpretation: depth == 16 ? Enums.Interpretation.Rgb16 : Enums.Interpretation.Srgb);
    }

    private static int HeightOf((int Left, int Top, int Right, int Bottom) box) => box.Bottom - box.Top;

    /// <summary>The box around what is no longer grey of that value.</summary>
    private static (int Left, int Top, int Right, int Bottom) Changed(Pixels image, int value)
    {
        int[] changed =
        [
            .. Enumerable.Range(0, image.Width * image.Height)
                .Where(i => Enumerable.Range(0, 3).Any(channel => Math.Abs(image.Values[(i * Pixels.Channels) + channel] - value) > 10)),
        ];
        Assert.NotEmpty(changed);
        return (
            changed.Min(i => i % image.Width), changed.Min(i => i / image.Width),
            changed.Max(i => i % image.Width) + 1, changed.Max(i => i / image.Width) + 1);
    }
}
