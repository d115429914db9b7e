using ImageEditor.ConversionManager.Attempts;

namespace ImageEditor.ConversionManager.Tests.Attempts;

public sealed class ConvertedImageTests
{
    [Fact]
    public void IsResultInfo_PrintableAsciiUpToTheLimit_Is()
    {
        Assert.True(ConvertedImage.IsResultInfo("""{"faces":2}"""));
        Assert.True(ConvertedImage.IsResultInfo(new string('x', ConvertedImage.MaxResultInfoLength)));
    }

    [Theory]
    [InlineData("{\"name\":\"café\"}")]
    [InlineData("{\"faces\":\n2}")]
    public void IsResultInfo_WhatNoHeaderCarries_IsNot(string info) => Assert.False(ConvertedImage.IsResultInfo(info));

    [Fact]
    public void IsResultInfo_TooLong_IsNot() =>
        Assert.False(ConvertedImage.IsResultInfo(new string('x', ConvertedImage.MaxResultInfoLength + 1)));
}
