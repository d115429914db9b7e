using ImageEditor.AuthManager.Credentials;

namespace ImageEditor.AuthManager.Tests.Credentials;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("ann@example.org")]
    [InlineData("  ann@example.org ")]
    [InlineData("ann+pictures@mail.example.org")]
    public void Parse_Address_IsRead(string text) => Assert.Equal(text.Trim(), EmailAddress.Parse(text)?.Text);

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
    public void Parse_SomethingElse_IsRefused(string? text) => Assert.Null(EmailAddress.Parse(text));

    [Fact]
    public void Parse_TooLong_IsRefused() => Assert.Null(EmailAddress.Parse(new string('a', 250) + "@example.org"));

    [Theory]
    [InlineData("ann@example.org", "ANN@Example.ORG")]
    [InlineData("zo\u00eb@example.org", "zoe\u0308@example.org")]
    [InlineData("zo\u00eb@example.org", "ZOE\u0308@EXAMPLE.ORG")]
    [InlineData("ann@b\u00fccher.example", "ann@xn--bcher-kva.example")]
    [InlineData("ann@b\u00fccher.example", "ann@bu\u0308cher.example")]
    [InlineData("ann@b\u00fccher.example", "Ann@B\u00dcCHER.example")]
    public void Key_OfTwoSpellings_IsOne(string one, string other) =>
        Assert.Equal(EmailAddress.Parse(one)!.Key, EmailAddress.Parse(other)!.Key);

    [Theory]
    [InlineData("zoe@example.org", "zo\u00eb@example.org")]
    [InlineData("ann@bucher.example", "ann@b\u00fccher.example")]
    [InlineData("b\u00fccher@example.org", "xn--bcher-kva@example.org")]
    public void Key_OfTwoAddresses_IsTwo(string one, string other) =>
        Assert.NotEqual(EmailAddress.Parse(one)!.Key, EmailAddress.Parse(other)!.Key);

    /// <summary>What the databases of earlier releases have.</summary>
    [Theory]
    [InlineData("Ann@Example.org")]
    [InlineData("ann@xn--bcher-kva.example")]
    [InlineData("ann@[127.0.0.1]")]
    [InlineData("ann@-example_.org.")]
    public void Key_OfAnAsciiAddress_IsTheFormerOne(string text) => Assert.Equal(text.ToUpperInvariant(), EmailAddress.Parse(text)!.Key);

    [Fact]
    public void Key_OfADomainThatCannotBe_IsAsItIsWritten() =>
        Assert.Equal("ANN@B\u00dc\u200dCHER.EXAMPLE", EmailAddress.Parse("ann@b\u00fc\u200dcher.example")?.Key);
}
