using ImageEditor.ConversionManager.Waiting;

namespace ImageEditor.ConversionManager.Tests.Waiting;

public sealed class WaitPreferenceTests
{
    [Theory]
    [InlineData("wait=10", 10)]
    [InlineData("wait=0", 0)]
    [InlineData("wait=30", 30)]
    [InlineData("wait=31", 30)]
    [InlineData("wait=99999999999999999999999999", 30)]
    [InlineData("wait=007", 7)]
    [InlineData("Wait = 10", 10)]
    [InlineData("wait=\"10\"", 10)]
    [InlineData("wait=10; foo=bar", 10)]
    [InlineData("respond-async, wait=10", 10)]
    [InlineData("respond-async,wait=10,handling=lenient", 10)]
    [InlineData("note=\"a, wait=5; \\\" wait=6\", wait=10", 10)]
    [InlineData("wait=10, wait=20", 10)]
    [InlineData(", wait=10,", 10)]
    public void Read_AWait_IsItsSecondsUpToTheMost(string prefer, int seconds) =>
        Assert.Equal(new WaitPreference(seconds), WaitPreference.Read(prefer));

    [Theory]
    [InlineData("")]
    [InlineData("respond-async")]
    [InlineData("wait")]
    [InlineData("wait=")]
    [InlineData("wait=\"\"")]
    [InlineData("wait=\"")]
    [InlineData("wait=-1")]
    [InlineData("wait=+1")]
    [InlineData("wait=1.5")]
    [InlineData("wait=1e1")]
    [InlineData("wait=ten")]
    [InlineData("wait=1 0")]
    [InlineData("wait=\u0661\u0660")]
    [InlineData("wait=ten, wait=10")]
    [InlineData("await=10")]
    [InlineData("note=\"wait=10")]
    public void Read_NoneOrMalformed_IsNoWait(string prefer) => Assert.Null(WaitPreference.Read(prefer));

    [Fact]
    public void Read_SeveralHeaders_IsTheFirstWait()
    {
        Assert.Equal(new WaitPreference(3), WaitPreference.Read(new(["respond-async", "wait=3", "wait=4"])));
        Assert.Null(WaitPreference.Read(new([null, "respond-async"])));
        Assert.Null(WaitPreference.Read(default));
    }

    [Fact]
    public void Applied_IsWhatTheHeaderSays() => Assert.Equal("wait=30", new WaitPreference(30).Applied);
}
