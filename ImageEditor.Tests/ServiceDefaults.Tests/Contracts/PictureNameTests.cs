using System.Text;
using ImageEditor.ServiceDefaults.Contracts;

namespace ImageEditor.ServiceDefaults.Tests.Contracts;

/// <summary>What a picture may be called, what is made of a file's name, and what its files are called.</summary>
public sealed class PictureNameTests
{
    private const string Composed = "caf\u00e9.jpg";
    private const string Decomposed = "cafe\u0301.jpg";

    [Theory]
    [InlineData("holiday.jpg", "holiday.jpg")]
    [InlineData("no extension", "no extension")]
    [InlineData("  around it.png ", "around it.png")]
    [InlineData("Grüße aus Köln \u2013 \ud83d\udc69\u200d\ud83d\udcbb.png", "Grüße aus Köln \u2013 \ud83d\udc69\u200d\ud83d\udcbb.png")]
    [InlineData("100%25.jpg", "100%25.jpg")]
    [InlineData("a:b*c?.jpg", "a:b*c?.jpg")]
    [InlineData(".hidden", ".hidden")]
    [InlineData(Decomposed, Composed)]
    public void Parse_OfAName_IsItInNormalForm(string text, string name) => Assert.Equal(name, PictureName.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b.jpg")]
    [InlineData("..\\b.jpg")]
    [InlineData("/")]
    [InlineData("line\nfeed.jpg")]
    [InlineData("trailing.jpg\r\n")]
    [InlineData("nul\0.jpg")]
    [InlineData("del\u007f.jpg")]
    [InlineData("c1\u0085.jpg")]
    [InlineData("line\u2028separator.jpg")]
    [InlineData("reversed\u202egpj.exe")]
    [InlineData("isolated\u2066.jpg")]
    [InlineData("replaced\ufffd.jpg")]
    public void Parse_OfWhatIsNoName_IsNothing(string text) => Assert.Null(PictureName.Parse(text));

    [Fact]
    public void Parse_OfWhatIsNoUnicode_IsNothing()
    {
        foreach (var text in new[] { "half \ud83d.jpg", "\udc69.jpg", "never a character \ufffe.jpg", "nor this \uffff.jpg" })
        {
            Assert.Null(PictureName.Parse(text));
        }
    }

    [Fact]
    public void Parse_OfANameAsLongAsMayBe_CountsBytesInNormalForm()
    {
        Assert.NotNull(PictureName.Parse(new string('a', 255)));
        Assert.Null(PictureName.Parse(new string('a', 256)));
        Assert.NotNull(PictureName.Parse(new string('\u00e9', 127)));
        Assert.Null(PictureName.Parse(new string('\u00e9', 128)));

        // Decomposed it has 381 bytes.
        Assert.Equal(new string('\u00e9', 127), PictureName.Parse(string.Concat(Enumerable.Repeat("e\u0301", 127))));
    }

    [Theory]
    [InlineData("holiday.jpg", "holiday.jpg")]
    [InlineData("C:\\pictures\\holiday.jpg", "holiday.jpg")]
    [InlineData("../../etc/holiday.jpg", "holiday.jpg")]
    [InlineData("mixed/up\\holiday.jpg", "holiday.jpg")]
    [InlineData("line\r\nfeed\u0000.jpg", "linefeed.jpg")]
    [InlineData("reversed\u202egpj.exe", "reversedgpj.exe")]
    [InlineData("broken \ufffd.jpg", "broken .jpg")]
    [InlineData(" around it.png\t", "around it.png")]
    [InlineData(Decomposed, Composed)]
    public void Clean_OfAFilesName_KeepsWhatIsAName(string fileName, string name) => Assert.Equal(name, PictureName.Clean(fileName));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t ")]
    [InlineData("..")]
    [InlineData("folder/")]
    [InlineData("folder\\..")]
    [InlineData("\u0000\u001f\u202e")]
    public void Clean_OfWhatHasNoName_IsNothing(string? fileName) => Assert.Null(PictureName.Clean(fileName));

    [Fact]
    public void Clean_OfALongName_CutsItBetweenCharacters()
    {
        Assert.Equal(new string('a', 255), PictureName.Clean(new string('a', 300)));

        // 254 bytes and a character of four: it goes whole.
        Assert.Equal(new string('a', 254), PictureName.Clean(new string('a', 254) + "\ud83d\udc69"));
        Assert.Equal(new string('a', 251) + "\ud83d\udc69", PictureName.Clean(new string('a', 251) + "\ud83d\udc69\ud83d\udc69"));
    }

    [Fact]
    public void Clean_OfWhatIsNoUnicode_LeavesThatOut()
    {
        Assert.Equal("half .jpg", PictureName.Clean("half \ud83d.jpg"));
        Assert.Equal(".jpg", PictureName.Clean("\udc69\ufffe.jpg"));
    }

    /// <summary>What one service has taken, the next takes too.</summary>
    [Fact]
    public void Clean_OfAnything_IsANameOrNothing()
    {
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(300)).Select(_ => (char)Pick(random))]);
            if (PictureName.Clean(text) is { } name)
            {
                Assert.Equal(name, PictureName.Parse(name));
                Assert.Equal(name, PictureName.Clean(name));
                Assert.InRange(Encoding.UTF8.GetByteCount(name), 1, PictureName.MaxBytes);
            }
        }

        static int Pick(Random random) => random.Next(6) switch
        {
            0 => random.Next(0x20, 0x7f),
            1 => random.Next(0x300, 0x370),
            2 => random.Next(0xd800, 0xe000),
            3 => "/\\. \u202e\ufffe\u00e9"[random.Next(7)],
            _ => random.Next(0x10000),
        };
    }

    [Theory]
    [InlineData("holiday.jpg", "image/jpeg", "holiday.jpg")]
    [InlineData("holiday.JPEG", "image/jpeg", "holiday.JPEG")]
    [InlineData("scan.tif", "image/tiff", "scan.tif")]
    [InlineData("IMG_0001.HEIC", "image/heic", "IMG_0001.HEIC")]
    [InlineData("holiday.png", "image/jpeg", "holiday.jpg")]
    [InlineData("holiday", "image/png", "holiday.png")]
    [InlineData("v1.2 of it", "image/webp", "v1.2 of it.webp")]
    [InlineData("page.html", "image/png", "page.html.png")]
    [InlineData(".png", "image/png", "picture.png")]
    public void StemAndExtension_OfAnOriginal_MakeAFileWithTheEndingOfWhatItIs(string name, string type, string expected) =>
        Assert.Equal(expected, PictureName.Join(PictureName.Stem(name), PictureName.Extension(name, type)));

    [Theory]
    [InlineData("holiday.jpg", "contrast", "image/jpeg", "holiday-contrast.jpg")]
    [InlineData("holiday.jpg", "remove-background", "image/png", "holiday-remove-background.png")]
    [InlineData("IMG_0001.HEIC", "crop", "image/jpeg", "IMG_0001-crop.jpg")]
    [InlineData("holiday", "upscale", "image/avif", "holiday-upscale.avif")]
    [InlineData("v1.2 of it", "crop", "image/gif", "v1.2 of it-crop.gif")]
    public void OfResult_IsTheOriginalsAndTheConverters(string name, string converter, string type, string expected) =>
        Assert.Equal(expected, PictureName.OfResult(name, converter, type));

    [Fact]
    public void OfResult_OfALongName_StaysAsLongAsANameMayBe()
    {
        var result = PictureName.OfResult(new string('\u00e9', 125) + ".jpg", "contrast", "image/jpeg");

        Assert.EndsWith("\u00e9-contrast.jpg", result, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(result), PictureName.MaxBytes - 1, PictureName.MaxBytes);
    }
}
