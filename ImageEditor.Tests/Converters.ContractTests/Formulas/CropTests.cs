using System.Net;
using ImageEditor.Converters.ContractTests.Driver;
using ImageEditor.Converters.ContractTests.Pictures;
using NetVips;

namespace ImageEditor.Converters.ContractTests.Formulas;

public sealed class CropTests(RunningConverters converters)
{
    private const int Left = 7;
    private const int Top = 5;
    private const int Width = 20;
    private const int Height = 11;

    /// <summary>Of a picture of 600 × 400 pixels: what is asked for, and the box that is kept.</summary>
    public static TheoryData<string, int, int, int, int> Cases => new()
    {
        { "", 0, 0, 600, 400 },
        { "box=[10,20,30,40]", 10, 20, 30, 40 },
        { "box=[590,390,30,40]", 590, 390, 10, 10 },
        { "width=100", 250, 0, 100, 400 },
        { "height=101", 0, 149, 600, 101 },
        { "width=100&height=50", 250, 175, 100, 50 },
        { "width=1000&height=50&place=top", 0, 0, 600, 50 },
        { "width=100&height=50&place=bottom-right", 500, 350, 100, 50 },
        { "ratio=1:1", 100, 0, 400, 400 },
        { "ratio=1:1&place=left", 0, 0, 400, 400 },
        { "ratio=16:9", 0, 31, 600, 338 },
        { "ratio=9:16&place=right", 375, 0, 225, 400 },
        { "ratio=2:1&width=100", 250, 175, 100, 50 },
        { "ratio=1:2&height=100&place=top-left", 0, 0, 50, 100 },
    };

    [Theory]
    [MemberData(nameof(LosslessPictures.Names), MemberType = typeof(LosslessPictures))]
    public async Task Convert_Box_KeepsExactlyThesePixelsOfEachFrame(string picture)
    {
        var client = await converters.ClientAsync("crop");
        var input = Pixels.Of(LosslessPictures.Read(picture));

        var result = Pixels.Of(
            await client.ConvertedAsync(LosslessPictures.Read(picture), $"box=[{Left},{Top},{Width},{Height}]"));

        Assert.Equal((Width, Height, input.Frames, input.Maximum), (result.Width, result.FrameHeight, result.Frames, result.Maximum));
        result.MustBeNear(
            (x, y, channel) => input.At(Left + x, (y / Height * input.FrameHeight) + Top + (y % Height), channel), tolerance: 0);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Convert_SizeRatioOrPlace_KeepsThatBox(string query, int left, int top, int width, int height)
    {
        var client = await converters.ClientAsync("crop");
        var file = GeneratedImages.GradientFile(600, 400, "png");
        var input = Pixels.Of(file);

        var result = Pixels.Of(await client.ConvertedAsync(file, query));

        Assert.Equal((width, height), (result.Width, result.Height));
        result.MustBeNear((x, y, channel) => input.At(left + x, top + y, channel), tolerance: 0);
    }

    [Theory]
    [InlineData(8, 3, 500, 60)]
    [InlineData(8, 4, 40, 300)]
    [InlineData(16, 3, 300, 330)]
    [InlineData(16, 1, 60, 60)]
    public async Task Convert_Smart_KeepsWhatCatchesTheEye(int depth, int bands, int left, int top)
    {
        var client = await converters.ClientAsync("crop");
        double[] grey = bands == 4 ? [90, 90, 90, 255] : Enumerable.Repeat(90.0, bands).ToArray();
        double[] red = bands == 1 ? [230] : [220, 40, 30, 255];
        using var ground = Image.Black(600, 400, bands: bands) + grey;
        using var mark = Image.Black(40, 40, bands: bands) + red[..bands];
        using var both = ground.Insert(mark, left, top);
        using var scaled = both * (depth == 16 ? 257.0 : 1.0);
        using var cast = scaled.Cast(depth == 16 ? Enums.BandFormat.Ushort : Enums.BandFormat.Uchar);
        using var eye = cast.Copy(interpretation: (depth, bands) switch
        {
            (16, 1) => Enums.Interpretation.Grey16,
            (16, _) => Enums.Interpretation.Rgb16,
            _ => Enums.Interpretation.Srgb,
        });

        var result = Pixels.Of(await client.ConvertedAsync(GeneratedImages.File(eye, "png"), "ratio=1:1&width=120&place=smart"));

        Assert.Equal((120, 120), (result.Width, result.Height));
        var seen = Enumerable.Range(0, 120 * 120)
            .Count(i => result.Values[i * Pixels.Channels] > 0.7 * result.Maximum);
        Assert.Equal(40 * 40, seen);
    }

    [Theory]
    [InlineData("box=[600,0,5,5]")]
    [InlineData("box=[0,400,5,5]")]
    [InlineData("box=[0,0,5,5]&width=5")]
    [InlineData("box=[0,0,5,5]&ratio=1:1")]
    [InlineData("ratio=1:1&width=5&height=5")]
    public async Task Convert_WhatCannotBe_Is400(string query)
    {
        var client = await converters.ClientAsync("crop");

        (await client.ConvertAsync(GeneratedImages.GradientFile(600, 400, "png"), query))
            .MustBeProblem(HttpStatusCode.BadRequest, "invalid-parameters");
    }
}
