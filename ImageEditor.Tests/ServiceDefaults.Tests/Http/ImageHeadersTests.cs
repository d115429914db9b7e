using ImageEditor.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ImageEditor.ServiceDefaults.Tests.Http;

/// <summary>The headers of images.</summary>
public sealed class ImageHeadersTests
{
    /// <summary>What a name has in it adds nothing to the header, and a reader of RFC 8187 gets it back.</summary>
    [Theory]
    [InlineData("holiday.jpg")]
    [InlineData("gr\u00fc\u00dfe \ud83d\udc69.png")]
    [InlineData("a\"; filename*=UTF-8''b.html; x=\".jpg")]
    [InlineData("100%25 of it; it's.jpg")]
    [InlineData("=?utf-8?B?YQ==?=.jpg")]
    public void DescribeImage_WithAName_SaysItForOldAndNewClients(string name)
    {
        var response = new DefaultHttpContext().Response;

        response.DescribeImage("image/jpeg", length: 1, fileName: name);

        var header = response.Headers.ContentDisposition.ToString();
        Assert.All(header, character => Assert.InRange(character, ' ', '~'));
        var disposition = ContentDispositionHeaderValue.Parse(header);
        Assert.Equal("inline", disposition.DispositionType.Value);
        Assert.Equal(name, disposition.FileNameStar.Value);
        Assert.Equal(["filename", "filename*"], disposition.Parameters.Select(parameter => parameter.Name.Value));
    }

    [Fact]
    public void DescribeImage_WithoutAName_SaysNone()
    {
        var response = new DefaultHttpContext().Response;

        response.DescribeImage("image/jpeg", length: 1);

        Assert.False(response.Headers.ContainsKey(HeaderNames.ContentDisposition));
    }
}
