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
    public void FindWeakness_HardToGuess_FindsNone(string password) => Assert.Null(_policy.FindWeakness(password, "ann@example.org"));

    [Theory]
    [InlineData("")]
    [InlineData("x7#qZ2!")]
    [InlineData("password")]
    [InlineData("P@ssw0rd123!")]
    [InlineData("qwertyuiop")]
    [InlineData("aaaaaaaaaaaaaaaa")]
    [InlineData("19841984")]
    public void FindWeakness_EasyToGuessOrShort_SaysWhatToDo(string password) =>
        Assert.EndsWith(".", _policy.FindWeakness(password, "ann@example.org"), StringComparison.Ordinal);

    [Fact]
    public void FindWeakness_MadeOfTheAddress_IsRefused() =>
        Assert.NotNull(_policy.FindWeakness("wolfeschlegelstein", "wolfeschlegelstein@example.org"));

    [Fact]
    public void FindWeakness_VeryLong_IsRefusedAtOnce() => Assert.NotNull(_policy.FindWeakness(new string('x', 1_000_000), "ann@example.org"));
}
