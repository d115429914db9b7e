using ImageEditor.AuthManager.Credentials;
using Microsoft.Extensions.Options;

namespace ImageEditor.AuthManager.Tests.Credentials;

public sealed class PasswordPolicyTests
{
    private readonly PasswordPolicy _policy = new(Options.Create(new CredentialsOptions()));

    [Theory]
    [InlineData("violet otter marble canoe")]
    [InlineData("kq7tzmw2xbnv")]
    [InlineData("грибы летают над озером")]
    public void FindWeakness_HardToGuess_FindsNone(string password) =>
        Assert.Null(_policy.FindWeakness(Password.Of(password), "ann@example.org"));

    [Theory]
    [InlineData("")]
    [InlineData("x7#qZ2!")]
    [InlineData("password")]
    [InlineData("P@ssw0rd123!")]
    [InlineData("qwertyuiop")]
    [InlineData("aaaaaaaaaaaaaaaa")]
    [InlineData("19841984")]
    public void FindWeakness_EasyToGuessOrShort_SaysWhatToDo(string password) =>
        Assert.EndsWith(".", _policy.FindWeakness(Password.Of(password), "ann@example.org"), StringComparison.Ordinal);

    [Fact]
    public void FindWeakness_MadeOfTheAddress_IsRefused() =>
        Assert.NotNull(_policy.FindWeakness(Password.Of("wolfeschlegelstein"), "wolfeschlegelstein@example.org"));

    [Fact]
    public void FindWeakness_VeryLong_IsRefusedAtOnce() =>
        Assert.NotNull(_policy.FindWeakness(Password.Of(new string('x', 1_000_000)), "ann@example.org"));

    [Theory]
    [InlineData("\u00fc", 8, false)]
    [InlineData("u\u0308", 4, true)]
    [InlineData("\ufb03", 3, false)]
    [InlineData("\U0001f600", 4, true)]
    [InlineData("e\u0301", 257, true)]
    public void FindWeakness_CountsWhatIsHashed(string piece, int times, bool isRefusedForItsLength)
    {
        var weakness = _policy.FindWeakness(Password.Of(string.Concat(Enumerable.Repeat(piece, times))), "ann@example.org");
        Assert.Equal(isRefusedForItsLength, weakness?.Contains("8 to 256", StringComparison.Ordinal) == true);
    }

    [Fact]
    public void FindWeakness_EstimatesWhatIsHashed() =>
        Assert.NotNull(
            _policy.FindWeakness(Password.Of("\uff30\uff41\uff53\uff53\uff57\uff4f\uff52\uff44\uff11\uff12\uff13"), "ann@example.org"));

    [Fact]
    public void FindWeakness_MadeOfTheAddressInAnotherSpelling_IsRefused() =>
        Assert.NotNull(_policy.FindWeakness(Password.Of("wolfeschl\u00e9gelstein"), "wolfeschle\u0301gelstein@example.org"));
}
