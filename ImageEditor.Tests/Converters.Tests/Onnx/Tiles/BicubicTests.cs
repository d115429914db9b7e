using ImageEditor.Converters.Onnx.Tiles;

namespace ImageEditor.Converters.Tests.Onnx.Tiles;

/// <summary>What results are compared with must itself be right.</summary>
public sealed class BicubicTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Resize_ARamp_StaysTheSameRamp(int scale)
    {
        var ramp = Enumerable.Range(0, 40).Select(x => x + 0.5f).ToArray();

        var large = Bicubic.Resize(ramp, 1, 40, 1, 40 * scale, 1);
        var again = Bicubic.Resize(large, 1, 40 * scale, 1, 40, 1);

        // Away from the edges, where it is continued.
        Assert.All(Enumerable.Range(3 * scale, 34 * scale), x => Assert.Equal((x + 0.5) / scale, large[x], 4));
        Assert.All(Enumerable.Range(6, 28), x => Assert.Equal(x + 0.5, again[x], 4));
    }

    /// <remarks>Keys's kernel at 1/4 and 3/4 from its neighbours: (-9, 111, 29, -3) / 128.</remarks>
    [Fact]
    public void Resize_AStep_OvershootsAsTheKernelSays()
    {
        float[] step = [0, 0, 0, 0, 128, 128, 128, 128];

        var large = Bicubic.Resize(step, 1, 8, 1, 16, 1);

        Assert.Equal([0, 0, 0, 0, 0, -3, -9, 26, 102, 137, 131, 128, 128, 128, 128, 128], large.Select(value => MathF.Round(value, 3)));
    }
}
