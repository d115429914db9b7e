using ImageEditor.ServiceDefaults.Configuration;

namespace ImageEditor.ServiceDefaults.Tests.Configuration;

/// <summary>What follows from how large a picture may be.</summary>
public sealed class PictureOptionsTests
{
    [Fact]
    public void Limits_ByDefault_AreThoseOfTheApi()
    {
        var options = new PictureOptions();

        Assert.Equal((20_000_000, 40_000_000), (options.MaxBytes, options.MaxRequestBytes));
        Assert.Equal(TimeSpan.FromSeconds(320), options.UploadTime);
    }

    /// <summary>An installation of large pictures would otherwise refuse what it takes.</summary>
    [Theory]
    [InlineData(1_000, 5)]
    [InlineData(20_000_000, 5)]
    [InlineData(200_000_000, 50)]
    public void TransferTime_GrowsWithThePictures(int bytes, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), new PictureOptions { MaxBytes = bytes }.TransferTime);

    [Theory]
    [InlineData(1_000)]
    [InlineData(20_000_000)]
    [InlineData(500_000_000)]
    public void Limits_OfAnySize_HoldTheNextOneAndAreNumbers(int bytes)
    {
        var options = new PictureOptions { MaxBytes = bytes };

        Assert.True(options.MaxRequestBytes >= 2 * (long)bytes);
        Assert.True(options.MaxInputBytes > options.MaxRequestBytes);
        Assert.True(options.UploadTime > TimeSpan.Zero);
    }
}
