using ImageEditor.Converters.ContractTests.Driver;
using ImageEditor.Converters.ContractTests.Pictures;

namespace ImageEditor.Converters.ContractTests.Formulas;

/// <summary>Frames and pages are changed each for itself: what becomes of one is what becomes of it as a picture of its own.</summary>
public sealed class AnimationTests(RunningConverters converters)
{
    public static MatrixTheoryData<string, string> Cases => new(
        [
            "rotate?angle=30",
            "rotate?angle=-12.5&fit=expand&color=%23ff8000",
            "resize?width=24",
            "resize?percent=150&enlarge=true",
            "watermark?text=H&size=60&opacity=70&place=centre",
            "adjust?temperature=40&tint=-20",
            "blur?radius=9",
        ],
        ["webp", "tif"]);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Convert_Animation_IsEachFrameAlone(string conversion, string format)
    {
        var (converter, query) = (conversion.Split('?')[0], conversion.Split('?')[1]);
        var client = await converters.ClientAsync(converter);
        var file = GeneratedImages.Animation(format, hasAlpha: true);

        var result = Pixels.Of(await client.ConvertedAsync(file, query));

        using var frames = Pixels.Open(file);
        using var memory = frames.CopyMemory();
        Assert.Equal(GeneratedImages.Delays.Length, result.Frames);
        for (var i = 0; i < result.Frames; i++)
        {
            using var frame = memory.Crop(0, i * memory.PageHeight, memory.Width, memory.PageHeight);
            using var single = frame.Mutate(image => image.Remove("page-height"));
            var alone = Pixels.Of(await client.ConvertedAsync(GeneratedImages.File(single, "png"), query));

            Assert.Equal((alone.Width, alone.Height), (result.Width, result.FrameHeight));
            alone.MustBeNear((x, y, channel) => result.At(x, (i * result.FrameHeight) + y, channel), tolerance: 0);
        }
    }
}
