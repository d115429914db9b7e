using ImageEditor.AuthManager.Credentials;

namespace ImageEditor.AuthManager.Tests.Credentials;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("ann@example.org")]
    [InlineData("  ann@example.org ")]
    [InlineData("ann+pictures@mail.example.org")]
    public void TryParse_Address_IsRead(string text)
    {
        Assert.True(EmailAddress.TryParse(text, out var address));
        Assert.Equal(text.Trim(), address);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ann")]
    [InlineData("@example.org")]
    [InlineData("ann@")]
    [InlineData("Ann <ann@example.org>")]
    [InlineData("ann@example.org, bob@example.org")]
    [InlineData("ann@exa mple.org")]
    [InlineData("ann@example.org\r\nBcc: bob@example.org")]
    public void TryParse_SomethingElse_IsRefused(string? text) => Assert.False(EmailAddress.TryParse(text, out _));

    [Fact]
    public void TryParse_TooLong_IsRefused() => Assert.False(EmailAddress.TryParse(new string('a', 250) + "@example.org", out _));
}
