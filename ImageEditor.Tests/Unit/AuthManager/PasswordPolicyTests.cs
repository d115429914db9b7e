using ImageEditor.AuthManager.Accounts;
using Microsoft.Extensions.Options;

namespace ImageEditor.Tests.Unit.AuthManager;

public sealed class PasswordPolicyTests
{
    private readonly PasswordPolicy _policy = new(Options.Create(new AccountsOptions()));

    [Theory]
    [InlineData("violet otter marble canoe")]
    [InlineData("kq7tzmw2xbnv")]
    [InlineData("грибы летают над озером")]
    public void Refuse_HardToGuess_IsAccepted(string password) => Assert.Null(_policy.Refuse(password, "ann@example.org"));

    [Theory]
    [InlineData("")]
    [InlineData("x7#qZ2!")]
    [InlineData("password")]
    [InlineData("P@ssw0rd123!")]
    [InlineData("qwertyuiop")]
    [InlineData("aaaaaaaaaaaaaaaa")]
    [InlineData("19841984")]
    public void Refuse_EasyToGuessOrShort_SaysWhatToDo(string password) =>
        Assert.EndsWith(".", _policy.Refuse(password, "ann@example.org"), StringComparison.Ordinal);

    [Fact]
    public void Refuse_MadeOfTheAddress_IsRefused() =>
        Assert.NotNull(_policy.Refuse("wolfeschlegelstein", "wolfeschlegelstein@example.org"));

    [Fact]
    public void Refuse_VeryLong_IsRefusedAtOnce() => Assert.NotNull(_policy.Refuse(new string('x', 1_000_000), "ann@example.org"));
}
